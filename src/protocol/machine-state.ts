import { DestinationReference } from './import-file';
import { ImportWarning } from './import-warning';
import { JsonValue } from './json';
import { OutputSettings } from './output-settings';

/**
 * Input and output of each state: pointers and counters only. If they exceed 256 KiB, Step Functions ends the execution with an error that
 * cannot be caught.
 */

/** Where and what to publish. Passed in the definition, since Lambda limits the environment to 4 KB. */
export interface DestinationSettings {
  /** The keys still contain placeholders. */
  readonly destination: DestinationReference;
  readonly output: OutputSettings;
}

/** Input of Initialize. */
export interface InitializeRequest extends DestinationSettings {
  /** The execution's input or, for an embedded import, the fragment's. */
  readonly input: JsonValue;
  /** ARN of the execution; for people, never used as an identity. */
  readonly executionArn: string;
  /** Start of the execution, ISO 8601. */
  readonly startTime: string;
}

/** Output of Initialize, input and output of Fetch: the import's progress. */
export interface LoopState {
  readonly importId: string;
  /** Whether there is more to fetch. Derived from the commit log. */
  readonly continue: boolean;
  /** Seconds to wait before the next round; 0 for none. */
  readonly waitSeconds: number;
  /** Seconds that the source has made the import wait for the next page, in Wait states and in invocations. */
  readonly waitedSeconds: number;
  /** Failed attempts at the next page. */
  readonly failedAttempts: number;
  /** Redrives of the execution and its parent when the two counters above were written. After another redrive they start at 0. */
  readonly redriveCount: number;
  /** Redrives of the parent before it started this child execution; 0 without a parent. */
  readonly parentRedriveCount: number;
  /** Number of commit records, with or without a chunk. Points into the log: no record below it may be missing. */
  readonly chunks: number;
  /** Pages committed. */
  readonly pages: number;
  /** Records committed. */
  readonly records: number;
  /** Rounds of this execution. Retries and waits count as rounds. */
  readonly round: number;
}

/** Input of Fetch. */
export interface FetchRequest {
  readonly state: LoopState;
  /** Step Functions' retries of this round so far. */
  readonly retryCount: number;
  /** Redrives of the execution so far. */
  readonly redriveCount: number;
  /**
   * `HttpSettings` as JSON text, for a source without code. In the definition, since Lambda limits the environment to 4 KB.
   * @default - the source is code
   */
  readonly source?: string;
}

/** Input of Persist. */
export interface PersistRequest extends DestinationSettings {
  readonly importId: string;
}

/** Output of Persist. */
export interface PersistState {
  readonly importId: string;
  /** Whether there are parts left to assemble. */
  readonly continue: boolean;
  /** Parts that are in place. */
  readonly parts: number;
}

export interface CleanUpRequest {
  readonly importId: string;
}

/** How an import ended. */
export const Outcome = {
  /** The object was published. */
  PUBLISHED: 'published',
  /** A newer import has published to the same key; its object stays. */
  SUPERSEDED: 'superseded',
  /** The import had no records, and empty imports are not published. The previous object stays. */
  SKIPPED: 'skipped',
} as const;
export type Outcome = typeof Outcome[keyof typeof Outcome];

/** Output of CleanUp, and so of the import. If it was not published, what it would have published. */
export interface ImportResult {
  readonly importId: string;
  readonly outcome: Outcome;
  /** Destination bucket. */
  readonly bucket: string;
  /** Key of the published object; if there are several, their prefix, with a trailing slash. */
  readonly key: string;
  /** Key of the manifest, in the same bucket. */
  readonly manifestKey: string;
  readonly records: number;
  readonly pages: number;
  /** Size of the object, or of all objects, in bytes. */
  readonly bytes: number;
  /** CRC32 of the object, or of all objects concatenated, in base64 as S3 writes it. */
  readonly crc32: string;
  /** What may be wrong with it; may be empty. The manifest has the same warnings. */
  readonly warnings: readonly ImportWarning[];
}
