import { boundedWarnings, ImportWarning, WarningCode } from '../../protocol/import-warning';
import { WholeLog } from '../log/whole-log';

/**
 * The warnings of an import: a pure function of its log, so that the result and the manifest agree, whichever attempts write them. What
 * the page loop noticed is in the commit records; what only the whole log shows is added here.
 */
export function warningsOf(log: WholeLog): readonly ImportWarning[] {
  return boundedWarnings([...log.warnings, ...totalMismatch(log), ...unseenColumns(log)]);
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

/** Most columns that a message names. */
const NAMED_COLUMNS = 10;

/** Of an import without records, nothing is to be said. */
function unseenColumns({ unseenColumns: unseen = [] }: WholeLog): ImportWarning[] {
  if (unseen.length === 0) return [];
  const named = unseen.slice(0, NAMED_COLUMNS).map((column) => JSON.stringify(column)).join(', ');
  const others = unseen.length - NAMED_COLUMNS;
  return [{
    code: WarningCode.UNSEEN_COLUMNS,
    message: `No record has ${unseen.length === 1 ? 'the column' : 'the columns'} ${named}${others > 0 ? ` and ${others} more` : ''} of the format, so the CSV is empty there. `
      + 'A column is a field of the record itself, with the same case: for a nested value, let the handler put it there. Else correct columns, and start '
      + 'a new import.',
    counts: { unseenColumns: unseen.length },
  }];
}
