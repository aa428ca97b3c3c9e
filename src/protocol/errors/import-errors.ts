import { sentence } from '../sentence';
import { DeployedAdvice } from './advice';
import { ImportContext } from './import-context';
import { ImportError, PaginatedImportError } from './paginated-import-error';
import { quoted } from './quoted';
import { hintAfterChange } from './resume-hint';

/** The import is not in the cache. */
export class ImportNotFoundError extends ImportError {
  public static readonly NAME = 'ImportNotFoundError';
  constructor(importId: string, public readonly bucket: string, public readonly key: string) {
    super({ importId }, `There is no import ${importId}: s3://${bucket}/${key} does not exist. Check the id, that the stack still has the cache in `
      + 'which the import was started, and that the cache\'s lifecycle has not removed the import; else start a new import.');
  }
}

/** The import is too old to be resumed. */
export class ImportExpiredError extends ImportError {
  public static readonly NAME = 'ImportExpiredError';
  constructor(importId: string, public readonly expiresAt: string) {
    super({ importId }, `Import ${importId} expired at ${expiresAt}: parts of its cache may be gone, so it cannot be resumed. Start a new import.`);
  }
}

/** The execution's input is invalid. */
export class InvalidInputError extends PaginatedImportError {
  public static readonly NAME = 'InvalidInputError';
  constructor(public readonly problem: string, public readonly expected: string) {
    super(`The execution's input was refused: ${problem}; expected ${sentence(expected)} Correct it and start a new execution.`);
  }
}

/** A series as its files name it. */
export interface NamedSeries {
  readonly name: string;
  readonly owner: string;
}

/** The import belongs to another series. */
export class ForeignImportError extends ImportError {
  public static readonly NAME = 'ForeignImportError';
  constructor(importId: string, public readonly belongsTo: NamedSeries, public readonly series: NamedSeries) {
    super({ importId }, `Import ${importId} belongs to ${seriesText(belongsTo)}, and this state machine imports ${seriesText(series)}. Resume it with the state machine that `
      + 'started it, or start a new import.');
  }
}

/** The destination in the import's file is not the construct's. */
export class DestinationChangedError extends ImportError {
  public static readonly NAME = 'DestinationChangedError';
  constructor(
    failed: ImportContext, public readonly field: string,
    public readonly begunWith: string | undefined, public readonly configured: string | undefined,
  ) {
    super(failed, `Import ${failed.importId} was started with the destination ${field} ${quoted(begunWith ?? '(none)')}, and the construct now has ${configured ?? '(none)'}. An import `
      + `publishes only to where it was started with. ${DeployedAdvice.DESTINATION} If you have not changed it, something else has written to the `
      + `cache: start a new import. ${hintAfterChange(failed)}`);
  }
}

function seriesText({ name, owner }: NamedSeries): string {
  return `the series ${quoted(name)} of ${quoted(owner)}`;
}
