import { DeployedAdvice } from './advice';
import { ImportContext } from './import-context';
import { ImportError } from './paginated-import-error';
import { hintAfterChange } from './resume-hint';

/** The source's own total differs from what was imported. */
export class TotalMismatchError extends ImportError {
  public static readonly NAME = 'TotalMismatchError';
  constructor(failed: ImportContext, public readonly sourceTotal: number, public readonly records: number) {
    super(failed, `Import ${failed.importId} has ${records} records, but the source gave ${sourceTotal} as its total; nothing was published. The source changed while `
      + `it was read, or the handler skips or repeats records. ${DeployedAdvice.TOTAL} ${hintAfterChange(failed)}`);
  }
}

/** The import has fewer records than it must have to be published. */
export class TooFewRecordsError extends ImportError {
  public static readonly NAME = 'TooFewRecordsError';
  constructor(failed: ImportContext, public readonly records: number, public readonly minRecords: number) {
    super(failed, `Import ${failed.importId} has ${records} records, and minRecords is ${minRecords}; nothing was published, and the object that was there before is `
      + 'untouched. Look into the source, and start a new import when it is right again; or, to publish what there is, lower minRecords and '
      + `deploy. ${hintAfterChange(failed)}`);
  }
}

/** The import has no records, and those are not to be published. */
export class EmptyImportError extends ImportError {
  public static readonly NAME = 'EmptyImportError';
  constructor(failed: ImportContext) {
    super(failed, `Import ${failed.importId} has no records, and onEmpty is FAIL; nothing was published, and the object that was there before is untouched. Look `
      + 'into the source, and start a new import when it is right again; or, to go on without an error, set onEmpty to PUBLISH or SKIP and '
      + `deploy. ${hintAfterChange(failed)}`);
  }
}
