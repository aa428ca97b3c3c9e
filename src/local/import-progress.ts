import { PROGRESS_MESSAGE } from '../protocol/environment';
import { ImportProgress } from '../protocol/import-progress';
import { FunctionLogLine } from './lambda/invocation';

/** Parses the progress from a line of a fetch function's log. Returns `undefined` for any other line. */
export function importProgress({ text }: FunctionLogLine): ImportProgress | undefined {
  if (!text.includes(PROGRESS_MESSAGE)) return undefined;
  try {
    const { message, importId, pages, records, chunks } = JSON.parse(text) as ImportProgress & { readonly message?: string };
    return message === PROGRESS_MESSAGE ? { importId, pages, records, chunks } : undefined;
  } catch {
    return undefined;
  }
}
