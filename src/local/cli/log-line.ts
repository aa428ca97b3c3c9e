import { ATTEMPT_FAILED_MESSAGE, PROGRESS_MESSAGE, STEP_FAILED_MESSAGE, WARNING_MESSAGE } from '../../protocol/environment';
import { ImportWarning } from '../../protocol/import-warning';
import { FailedAttempt } from '../../runtime/ports/observer';
import { FunctionLogLine, ProgressLine } from '../index';

/** Our own lines are JSON, for CloudWatch. Text that the source wrote without a line feed may precede it. */
const OWN_LINE = /^(.*?)(\{"level":"[A-Z]+","message":".*\})$/s;

/** Shows a line of a function's log: the source's output unchanged, our own lines in readable form. */
export function show(line: FunctionLogLine, progress: ProgressLine): void {
  const [, before, json] = OWN_LINE.exec(line.text) ?? [undefined, line.text, undefined];
  const own = json === undefined ? undefined : ownLine(json);
  if (own === undefined) return progress.log(line.text);
  if (before) progress.log(before);
  if (own.shown === undefined) progress.onLine({ ...line, text: json! });
  else if (own.shown !== '') progress.log(own.shown);
}

/** One of our own lines. */
interface OwnLine {
  /** The readable form; empty if the command reports it itself, `undefined` for progress. */
  readonly shown: string | undefined;
}

function ownLine(json: string): OwnLine | undefined {
  try {
    const { message, ...fields } = JSON.parse(json) as { readonly message: string };
    switch (message) {
      case PROGRESS_MESSAGE: return { shown: undefined };
      case WARNING_MESSAGE: return { shown: `Warning: ${(fields as unknown as { readonly warning: ImportWarning }).warning.message}` };
      case ATTEMPT_FAILED_MESSAGE: return { shown: failedAttempt(fields as unknown as FailedAttempt) };
      // The command ends with the same error.
      case STEP_FAILED_MESSAGE: return { shown: '' };
      default: return undefined;
    }
  } catch {
    return undefined;
  }
}

function failedAttempt({ page, attempt, attempts, reason }: FailedAttempt): string {
  return `Page ${page}, attempt ${attempt} of ${attempts} failed: ${reason}`;
}
