import { ImportResult } from '../../protocol/machine-state';
import { counted } from '../counted';
import { ExecutionResult, ImportProgress } from '../index';
import { localMessage } from './local-message';

/** How a run reports its result. */
export interface ReportOptions {
  /** Whether to report as one line of JSON on standard output. */
  readonly json: boolean;
  /** How far the import got; `undefined` if it did not begin. */
  readonly reached?: ImportProgress;
}

const NOTHING_STANDS = 'No file was written, and local runs keep nothing to resume';

/** @param file the file with the records */
export function reportSuccess(result: ExecutionResult, file: string, { json }: ReportOptions): void {
  const { importId, records, pages, bytes, warnings } = result.output as unknown as ImportResult;
  const seconds = secondsOf(result);
  if (json) console.log(JSON.stringify({ status: result.status, importId, records, pages, bytes, seconds, file, warnings }));
  else console.log(`${counted(records, 'record')} in ${counted(pages, 'page')} (${counted(bytes, 'byte')}) in ${seconds.toFixed(1)} s: ${file}`);
}

/** @param withoutEsbuild what to do about a module that Node.js could not load by itself; absent if esbuild bundled it */
export function reportFailure(result: ExecutionResult, { json, reached }: ReportOptions, withoutEsbuild?: string): void {
  const failed = reached && { importId: reached.importId, executionArn: result.executionArn };
  const message = localMessage(messageOf(result), failed, withoutEsbuild);
  const { status, error } = result;
  if (json) console.log(JSON.stringify({ status, error, message, seconds: secondsOf(result) }));
  else console.error(`The import failed: ${error ?? status}\n${message}\n${NOTHING_STANDS}: run the command again.`);
}

export function reportInterruption({ json, reached }: ReportOptions): void {
  const { pages = 0, records = 0 } = reached ?? {};
  const where = pages === 0 ? 'before the first page' : `after ${counted(pages, 'page')} with ${counted(records, 'record')}`;
  if (json) console.log(JSON.stringify({ status: 'ABORTED', pages, records }));
  else console.error(`Interrupted ${where}. ${NOTHING_STANDS}: the next one begins at page 1.`);
}

/** Lambda's error is JSON; any other cause is text. */
function messageOf({ cause = '' }: ExecutionResult): string {
  try {
    return (JSON.parse(cause) as { readonly errorMessage?: string }).errorMessage ?? cause;
  } catch {
    return cause;
  }
}

function secondsOf({ startDate, stopDate }: ExecutionResult): number {
  return (stopDate.getTime() - startDate.getTime()) / 1000;
}
