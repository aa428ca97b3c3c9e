import { OBJECT_MAX_BYTES, UPLOAD_PARTS } from '../limits';
import { sentence } from '../sentence';
import { ImportContext } from './import-context';
import { ImportError } from './paginated-import-error';
import { resumeHint } from './resume-hint';
import { answered, StoreAnswer, StoreErrorOptions } from './store-answer';

/** The assembled object is not what the commit log says. */
export class IntegrityError extends ImportError {
  public static readonly NAME = 'IntegrityError';
  /** What the store said of it, as far as it is known. */
  public readonly answer: StoreAnswer | undefined;

  constructor(failed: ImportContext, public readonly problem: string, options?: StoreErrorOptions) {
    super(failed, `Import ${failed.importId} was not published, since the assembled object differs from the commit log: `
      + `${sentence(`${problem}${answered(options?.answer)}`)} The object that was there `
      + `before is untouched. If it fails again, start a new import. ${resumeHint(failed)}`, options);
    this.answer = options?.answer;
  }
}

/** The destination changed under Persist more often than it tries again. */
export class PublishConflictError extends ImportError {
  public static readonly NAME = 'PublishConflictError';
  constructor(failed: ImportContext, public readonly bucket: string, public readonly key: string) {
    super(failed, `Something else keeps writing to s3://${bucket}/${key} while import ${failed.importId} publishes to it. `
      + `Give each writer a key of its own. ${resumeHint(failed)}`);
  }
}

/** The import's object stands where a newer import has published. */
export class StaleObjectError extends ImportError {
  public static readonly NAME = 'StaleObjectError';
  constructor(importId: string, public readonly bucket: string, public readonly key: string) {
    super({ importId }, `The object at s3://${bucket}/${key} is that of import ${importId}, but the manifest beside it is a newer import's: the newer object was `
      + 'deleted, or had the same bytes as the one before it and could not be told from that. Give each import a key of its own by {importId} '
      + 'where this may happen again. Start a new import, which replaces both.');
  }
}

/** The import is larger than an object can be. */
export class ObjectTooLargeError extends ImportError {
  public static readonly NAME = 'ObjectTooLargeError';
  constructor(importId: string, public readonly bytes: number, public readonly chunks: number) {
    super({ importId }, `Import ${importId} has ${bytes} bytes in ${chunks} chunks, and S3 cannot join them to one object: it has at most ${OBJECT_MAX_BYTES} bytes, `
      + `in ${UPLOAD_PARTS} parts. Nothing was published, and the object that was there before is untouched. `
      + 'Compress what is published, or divide the source among several imports. Start a new import, with one object per chunk by '
      + 'ImportDestination.toPrefix where one object is not needed.');
  }
}
