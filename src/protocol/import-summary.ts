import { ImportWarning } from './import-warning';
import { JsonValue } from './json';

/**
 * The file that `beforePersist` may read: what the import has, before it is published. It holds records, lies among the chunks, and is
 * deleted with them.
 */
export interface ImportSummary {
  readonly formatVersion: number;
  readonly importId: string;
  readonly startTime: string;
  readonly bucket: string;
  /** Key that is about to be published; of several objects their prefix. */
  readonly key: string;
  /** Key at which the manifest will be. */
  readonly manifestKey: string;
  readonly pages: number;
  readonly records: number;
  readonly bytes: number;
  /** The source's own total; absent when it gave none. */
  readonly sourceTotal?: number;
  /** What may be wrong with the import; empty for nothing. */
  readonly warnings: readonly ImportWarning[];
  /** The first records of chunks that lie evenly spread over the import, in order. */
  readonly samples: readonly RecordSample[];
}

/** A record of the import. */
export interface RecordSample {
  /** The page that it is the first record of. */
  readonly page: number;
  /** As the format has it: the record itself, or of a CSV an object of its columns' texts. */
  readonly record: JsonValue;
}

/** Output of Summarize, and so the input of the states before publishing. */
export interface SummaryState {
  readonly importId: string;
  readonly pages: number;
  readonly records: number;
  readonly bytes: number;
  /** Where the `ImportSummary` is. */
  readonly summary: { readonly bucket: string; readonly key: string };
  /** Where the import is about to be published. */
  readonly destination: { readonly bucket: string; readonly key: string; readonly manifestKey: string };
}

/** Input of Summarize. Its first input is the last `LoopState`. */
export interface SummarizeRequest {
  readonly importId: string;
}
