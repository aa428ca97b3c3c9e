import { ImportWarning } from '../../protocol/import-warning';

/** How far an import is, pages that are not committed yet included. */
export interface Progress {
  readonly importId: string;
  readonly pages: number;
  readonly records: number;
  /** Commit records so far. */
  readonly chunks: number;
}

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

/** Sees what happens to an import, and changes nothing about it: what is published never depends on whether anybody looks. */
export interface Observer {
  /** Called for every page, so it must be quick and choose what it passes on. */
  pageDone(progress: Progress): void;
  /** Called for every attempt that failed, also for those that a later one makes good. */
  attemptFailed(failed: FailedAttempt): void;
  /** Called once per warning by the attempt that ends the import. */
  warned(importId: string, warning: ImportWarning): void;
}

/** Sees nothing. */
export const NO_OBSERVER: Observer = { pageDone: () => {}, attemptFailed: () => {}, warned: () => {} };
