import { boundedWarnings, ImportWarning, WarningCode } from '../../protocol/import-warning';
import { WholeLog } from './whole-log';

/** Called once per warning by the attempt that ends the import. */
export type WarningListener = (importId: string, warning: ImportWarning) => void;

/**
 * The warnings of an import: a pure function of its log, so that the result and the manifest agree, whichever attempts write them. What
 * the page loop noticed is in the commit records; what only the whole log shows is added here.
 */
export function warningsOf(log: WholeLog): readonly ImportWarning[] {
  return boundedWarnings([...log.warnings, ...totalMismatch(log)]);
}

/** An import that differs from its source's total is published only where a warning is enough. */
function totalMismatch({ records, sourceTotal }: WholeLog): ImportWarning[] {
  if (sourceTotal === undefined || sourceTotal === records) return [];
  return [{
    code: WarningCode.TOTAL_MISMATCH,
    message: `The import has ${records} records, but the source gave ${sourceTotal} as its total. Either the source changed while it was read, or the `
      + 'handler skips or repeats records. Compare with the source, and start a new import if records are missing.',
    counts: { records, sourceTotal },
  }];
}
