import { boundedWarnings, ImportWarning, WarningCode } from '../../protocol/import-warning';
import { plural } from '../../protocol/plural';
import { WholeLog } from '../log/whole-log';

/**
 * The warnings of an import: a pure function of its log, so result and manifest agree, no matter which attempts write them. The page loop's
 * warnings are in the commit records; those that only the whole log shows are added here.
 */
export function warningsOf(log: WholeLog): readonly ImportWarning[] {
  return boundedWarnings([...log.warnings, ...totalMismatch(log), ...unseenColumns(log)]);
}

/** The gate decides whether a mismatch may be published. Here it is only a warning. */
function totalMismatch({ records, sourceTotal }: WholeLog): ImportWarning[] {
  if (sourceTotal === undefined || sourceTotal === records) return [];
  return [{
    code: WarningCode.TOTAL_MISMATCH,
    message: `The import has ${records} ${plural(records, 'record')}, but the source gave ${sourceTotal} as its total. Either the source changed while it was read, or the `
      + 'handler skips or repeats records. Compare with the source, and start a new import if records are missing.',
    counts: { records, sourceTotal },
  }];
}

/** Maximum columns named in a message. */
const NAMED_COLUMNS = 10;

/** An import without records has no `unseenColumns`: nothing to warn about. */
function unseenColumns({ unseenColumns: unseen = [] }: WholeLog): ImportWarning[] {
  if (unseen.length === 0) return [];
  const named = unseen.slice(0, NAMED_COLUMNS).map((column) => JSON.stringify(column)).join(', ');
  const others = unseen.length - NAMED_COLUMNS;
  return [{
    code: WarningCode.UNSEEN_COLUMNS,
    message: `No record has the ${plural(unseen.length, 'column')} ${named}${others > 0 ? ` and ${others} more` : ''} of the format, so the CSV is empty there. `
      + 'A column is a field of the record itself, with the same case: for a nested value, let the handler put it there. Else correct columns, and start '
      + 'a new import.',
    counts: { unseenColumns: unseen.length },
  }];
}
