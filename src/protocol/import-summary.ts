import { ImportWarning } from './import-warning';
import { JsonValue } from './json';
import { DestinationSettings } from './machine-state';

/**
 * The file that `beforePersist` may read: what is about to be published. It contains records, so it is stored with the chunks and deleted
 * with them.
 */
export interface ImportSummary {
  readonly formatVersion: number;
  readonly importId: string;
  readonly startTime: string;
  readonly bucket: string;
  /** Key that is about to be published; the prefix if there are several objects. */
  readonly key: string;
  /** Key of the future manifest. */
  readonly manifestKey: string;
  readonly pages: number;
  readonly records: number;
  readonly bytes: number;
  /** The source's own total; absent if it gave none. */
  readonly sourceTotal?: number;
  /** What may be wrong with the import; may be empty. */
  readonly warnings: readonly ImportWarning[];
  /** The first records of chunks evenly spread over the import, in order. */
  readonly samples: readonly RecordSample[];
}

/** A record of the import. */
export interface RecordSample {
  /** The page whose first record it is. */
  readonly page: number;
  /** The record as the format represents it. For a CSV, an object with one string per column. */
  readonly record: JsonValue;
}

/** Output of Summarize: the input of the states before publishing. */
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

/** Input of Summarize. */
export interface SummarizeRequest extends DestinationSettings {
  readonly importId: string;
}
