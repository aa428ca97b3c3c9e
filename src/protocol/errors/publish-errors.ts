import { OBJECT_MAX_BYTES, UPLOAD_PARTS } from '../limits';
import { sentence } from '../sentence';
import { ImportContext } from './import-context';
import { ImportError } from './paginated-import-error';
import { quoted } from './quoted';
import { resumeHint } from './resume-hint';
import { answered, StoreAnswer, StoreErrorOptions } from './store-answer';

/** The assembled object does not match the commit log. */
export class IntegrityError extends ImportError {
  public static readonly NAME = 'IntegrityError';
  /** The store's answer, if known. */
  public readonly answer: StoreAnswer | undefined;

  constructor(failed: ImportContext, public readonly problem: string, options?: StoreErrorOptions) {
    super(failed, `Import ${failed.importId} was not published, because the assembled object differs from the commit log: `
      + `${sentence(`${problem}${answered(options?.answer)}`)} The previous object `
      + `is untouched. If it fails again, start a new import. ${resumeHint(failed)}`, options);
    this.answer = options?.answer;
  }
}

/** The destination changed during every attempt of Persist. */
export class PublishConflictError extends ImportError {
  public static readonly NAME = 'PublishConflictError';
  constructor(failed: ImportContext, public readonly bucket: string, public readonly key: string) {
    super(failed, `Something else keeps writing to s3://${bucket}/${key} while import ${failed.importId} publishes to it. `
      + `Give each writer its own key. ${resumeHint(failed)}`);
  }
}

/** The import's object is at a key where a newer import has published. */
export class StaleObjectError extends ImportError {
  public static readonly NAME = 'StaleObjectError';
  constructor(importId: string, public readonly bucket: string, public readonly key: string) {
    super({ importId }, `The object at s3://${bucket}/${key} belongs to import ${importId}, but the manifest next to it belongs to a newer one: the newer object was `
      + 'deleted, or had the same bytes as the previous one and could not be distinguished from it. If this can happen again, give each import its own key '
      + 'with {importId}. Start a new import, which replaces both.');
  }
}

/** The object at the destination says that its import starts in the future. */
export class FutureObjectError extends ImportError {
  public static readonly NAME = 'FutureObjectError';
  constructor(failed: ImportContext, public readonly bucket: string, public readonly key: string, public readonly startTime: string) {
    super(failed, `The object at s3://${bucket}/${key} says in its metadata that its import started at ${quoted(startTime)}, which is in the future. Every import would count as older, `
      + 'and none would be published. Something other than this package has written it: delete it, or remove its metadata. '
      + `Import ${failed.importId} was not published. ${resumeHint(failed)}`);
  }
}

/** The import is larger than an object can be. */
export class ObjectTooLargeError extends ImportError {
  public static readonly NAME = 'ObjectTooLargeError';
  constructor(importId: string, public readonly bytes: number, public readonly chunks: number) {
    super({ importId }, `Import ${importId} has ${bytes} bytes in ${chunks} chunks, and S3 cannot join them into one object: an object has at most ${OBJECT_MAX_BYTES} bytes, `
      + `in ${UPLOAD_PARTS} parts. Nothing was published, and the previous object is untouched. `
      + 'Compress the output, or split the source into several imports. Start a new import; if you do not need a single object, publish one per chunk with '
      + 'ImportDestination.toPrefix.');
  }
}
