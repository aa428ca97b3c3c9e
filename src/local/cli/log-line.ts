import { PROGRESS_MESSAGE, WARNING_MESSAGE } from '../../protocol/environment';
import { ImportWarning } from '../../protocol/import-warning';
import { FunctionLogLine, ProgressLine } from '../index';

/** Our own lines are JSON, made for CloudWatch. Text that the source has written without a line feed stands before it. */
const OWN_LINE = /^(.*?)(\{"level":"[A-Z]+","message":".*\})$/s;

/** Shows a line of a function's log: what the source writes as it is, our own as people read it. */
export function show(line: FunctionLogLine, progress: ProgressLine): void {
  const [, before, json] = OWN_LINE.exec(line.text) ?? [undefined, line.text, undefined];
  const own = json === undefined ? undefined : ownLine(json);
  if (own === undefined) return progress.log(line.text);
  if (before) progress.log(before);
  if (own.warning === undefined) progress.onLine({ ...line, text: json! });
  else progress.log(`Warning: ${own.warning.message}`);
}

function ownLine(json: string): { readonly warning?: ImportWarning } | undefined {
  try {
    const { message, warning } = JSON.parse(json) as { readonly message: string; readonly warning?: ImportWarning };
    if (message === WARNING_MESSAGE) return { warning };
    return message === PROGRESS_MESSAGE ? {} : undefined;
  } catch {
    return undefined;
  }
}
