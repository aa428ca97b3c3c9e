import { plural } from '../plural';
import { DeployedAdvice } from './advice';
import { ImportContext } from './import-context';
import { ImportError } from './paginated-import-error';
import { hintAfterChange } from './resume-hint';

/** The source's own total differs from the number of imported records. */
export class TotalMismatchError extends ImportError {
  public static readonly NAME = 'TotalMismatchError';
  constructor(failed: ImportContext, public readonly sourceTotal: number, public readonly records: number) {
    super(failed, `Import ${failed.importId} has ${records} ${plural(records, 'record')}, but the source gave ${sourceTotal} as its total; nothing was published. The source changed while `
      + `it was read, or the handler skips or repeats records. ${DeployedAdvice.TOTAL} ${hintAfterChange(failed)}`);
  }
}

/** The import has fewer records than `minRecords`. */
export class TooFewRecordsError extends ImportError {
  public static readonly NAME = 'TooFewRecordsError';
  constructor(failed: ImportContext, public readonly records: number, public readonly minRecords: number) {
    super(failed, `Import ${failed.importId} has ${records} ${plural(records, 'record')}, but minRecords is ${minRecords}. Nothing was published, and the previous object is `
      + 'untouched. Check the source, and start a new import once it is correct. Or, to publish these records anyway, lower minRecords and '
      + `deploy. ${hintAfterChange(failed)}`);
  }
}

/** The import has no records, and `onEmpty` is FAIL. */
export class EmptyImportError extends ImportError {
  public static readonly NAME = 'EmptyImportError';
  constructor(failed: ImportContext) {
    super(failed, `Import ${failed.importId} has no records, and onEmpty is FAIL. Nothing was published, and the previous object is untouched. Check `
      + 'the source, and start a new import once it is correct. Or, to continue without an error, set onEmpty to PUBLISH or SKIP and '
      + `deploy. ${hintAfterChange(failed)}`);
  }
}
