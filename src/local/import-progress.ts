import { PROGRESS_MESSAGE } from '../protocol/environment';
import { FunctionLogLine } from './lambda/invocation';

/** How far an import is, pages that are not committed yet included. */
export interface ImportProgress {
  readonly importId: string;
  readonly pages: number;
  readonly records: number;
  /** Commit records so far. */
  readonly chunks: number;
}

/** The progress that a line of a fetch function's log tells; `undefined` for any other line. */
export function importProgress({ text }: FunctionLogLine): ImportProgress | undefined {
  if (!text.includes(PROGRESS_MESSAGE)) return undefined;
  try {
    const { message, importId, pages, records, chunks } = JSON.parse(text) as ImportProgress & { readonly message?: string };
    return message === PROGRESS_MESSAGE ? { importId, pages, records, chunks } : undefined;
  } catch {
    return undefined;
  }
}
