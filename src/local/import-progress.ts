import { PROGRESS_MESSAGE } from '../protocol/environment';
import { FunctionLogLine } from './lambda/invocation';

/** Progress of an import, including pages that are not committed yet. */
export interface ImportProgress {
  readonly importId: string;
  readonly pages: number;
  readonly records: number;
  /** Commit records so far. */
  readonly chunks: number;
}

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
