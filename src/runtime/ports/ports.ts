import { FetchPageRequest } from '../../protocol/fetch-contract';
import { BrokenProcess } from './broken-process';

/**
 * What the core needs of the world besides the store: all of it is handed in, so that tests own time and chance.
 */

/** Time. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after so many milliseconds, or as soon as the signal fires. Never rejects. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /**
   * Calls back after so many milliseconds.
   *
   * @returns what calls it off. A page needs two of these, and a promise and a signal for each would cost a quick source more than the page
   */
  after(milliseconds: number, callBack: () => void): () => void;
  /** Resolves when whatever else is due has had its turn: timers, and requests on their way. */
  giveWay(): Promise<void>;
}

/** Chance. */
export interface Chance {
  /** A fresh random identity. */
  uuid(): string;
  /** A number from 0 (inclusive) to 1 (exclusive), for jitter. */
  fraction(): number;
}

/** The invocation that the code runs in. */
export interface Invocation {
  /** Milliseconds until Lambda ends it. */
  remainingMilliseconds(): number;
}

/** The user's fetch-page handler, wherever it runs. */
export interface PageSource {
  /**
   * Set once the process that the handler runs in cannot be trusted with any more pages.
   * @default - it always can, such as where the handler runs in another process
   */
  readonly broken?: BrokenProcess | undefined;

  /**
   * Asks for one page. What it resolves with is the user's, and not to be trusted.
   *
   * @param signal fires shortly before the invocation's time is up
   * @throws BrokenProcess when the process cannot be trusted with any more pages
   */
  fetchPage(request: FetchPageRequest, signal: AbortSignal): Promise<unknown>;
}

/** How far an import is, pages that are not committed yet included. */
export interface Progress {
  readonly importId: string;
  readonly pages: number;
  readonly records: number;
  /** Commit records so far. */
  readonly chunks: number;
}

/** Is told of every page, so it must be quick and choose what it passes on. */
export type ProgressListener = (progress: Progress) => void;

/** An attempt at a page that failed, without the secrets in what was thrown. */
export interface FailedAttempt {
  readonly importId: string;
  readonly page: number;
  /** Number of the attempt, from 1. */
  readonly attempt: number;
  /** How many the page may have. */
  readonly attempts: number;
  /** What was thrown, with its causes. */
  readonly reason: string;
  /** Where, by the innermost frames of the stack. */
  readonly stack: readonly string[];
  /** Seconds until the next attempt; `null` where none follows in this process. */
  readonly retryInSeconds: number | null;
}

/** Is told of every attempt that failed, also of those that a later one makes good. */
export type FailedAttemptListener = (failed: FailedAttempt) => void;

/** What every step needs. */
export interface World {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly invocation: Invocation;
}
