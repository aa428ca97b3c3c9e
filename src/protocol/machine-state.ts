import { DestinationReference } from './import-file';
import { ImportWarning } from './import-warning';
import { JsonValue } from './json';
import { OutputSettings } from './output-settings';

/**
 * What goes into and out of each state: pointers and counters only, since Step Functions ends an execution, uncaught, when a
 * state's input or output passes 256 KiB.
 */

/** Input of Initialize. */
export interface InitializeRequest {
  /** The execution's input, or the fragment's where it is embedded. */
  readonly input: JsonValue;
  /** ARN of the execution; for people, never an identity. */
  readonly executionArn: string;
  /** Start of the execution, ISO 8601. */
  readonly startTime: string;
  /** Where the import is to publish, with the placeholders in its keys. */
  readonly destination: DestinationReference;
  /** What is to be published, and how. All of this is in the definition, not in the environment, which Lambda bounds at 4 KB. */
  readonly output: OutputSettings;
}

/** Output of Initialize, input and output of Fetch: how far the import is. */
export interface LoopState {
  readonly importId: string;
  /** Whether there is more to fetch. Derived from the commit log. */
  readonly continue: boolean;
  /** Seconds to wait before the next round; 0 for none. */
  readonly waitSeconds: number;
  /** Seconds that the source has made the import wait for the page that is due next, in Wait states and inside of invocations. */
  readonly waitedSeconds: number;
  /** Attempts that have failed at the page that is due next. */
  readonly failedAttempts: number;
  /** Redrives of the execution, its parent's included, when these two were counted. A redrive counts them anew. */
  readonly redriveCount: number;
  /** Redrives of the parent before it started this child execution; 0 in an execution without a parent. */
  readonly parentRedriveCount: number;
  /** Commit records, chunkless ones included. The pointer into the log: nothing below it may be missing. */
  readonly chunks: number;
  /** Pages committed. */
  readonly pages: number;
  /** Records committed. */
  readonly records: number;
  /** Rounds of this execution; each retry and each wait counts as one. */
  readonly round: number;
}

/** Input of Fetch. */
export interface FetchRequest {
  readonly state: LoopState;
  /** How often Step Functions has retried this round. */
  readonly retryCount: number;
  /** How often the execution was redriven. */
  readonly redriveCount: number;
}

/** Input and output of Persist. Its first input is the last `LoopState`. */
export interface PersistState {
  readonly importId: string;
  /** Whether there are parts left to assemble. */
  readonly continue: boolean;
  /** Parts that are in place. */
  readonly parts: number;
}

/** Input of CleanUp: all that it needs to know. */
export interface CleanUpRequest {
  readonly importId: string;
}

/** How an import ended. */
export const Outcome = {
  /** The object was published. */
  PUBLISHED: 'published',
  /** A newer import has published to the same key, and stands there. */
  SUPERSEDED: 'superseded',
  /** The import had no records, and empty ones are not published: what was there stands. */
  SKIPPED: 'skipped',
} as const;
export type Outcome = typeof Outcome[keyof typeof Outcome];

/** Output of CleanUp, and so of the import. Of one that was not published it says what would have been. */
export interface ImportResult {
  readonly importId: string;
  readonly outcome: Outcome;
  /** Destination bucket. */
  readonly bucket: string;
  /** Key of the published object; of several objects their prefix, with a slash at its end. */
  readonly key: string;
  /** Key of the manifest, in the same bucket. */
  readonly manifestKey: string;
  readonly records: number;
  readonly pages: number;
  /** Size of the object, or of all of them, in bytes. */
  readonly bytes: number;
  /** CRC32 of the object, or of all of them in a row, base64 as S3 writes it. */
  readonly crc32: string;
  /** What may be wrong with it; empty for nothing. The manifest has the same. */
  readonly warnings: readonly ImportWarning[];
}
