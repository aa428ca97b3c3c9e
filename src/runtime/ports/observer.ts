import { ImportProgress } from '../../protocol/import-progress';
import { ImportWarning } from '../../protocol/import-warning';

/** An attempt at a page that failed, without the secrets in what was thrown. */
export interface FailedAttempt {
  readonly importId: string;
  readonly page: number;
  /** Number of the attempt, from 1. */
  readonly attempt: number;
  /** Maximum attempts per page. */
  readonly attempts: number;
  /** What was thrown, with its causes. */
  readonly reason: string;
  /** Where, by the innermost frames of the stack. */
  readonly stack: readonly string[];
  /** Seconds until the next attempt; `null` if none follows in this process. */
  readonly retryInSeconds: number | null;
}

/** Sees what happens to an import, and cannot influence it: what is published never depends on an observer. */
export interface Observer {
  /** Called for every page, so it must be quick and choose what it passes on. */
  pageDone(progress: ImportProgress): void;
  /** Called for every failed attempt, even if a later one succeeds. */
  attemptFailed(failed: FailedAttempt): void;
  /** Called once per warning by the attempt that ends the import. */
  warned(importId: string, warning: ImportWarning): void;
}

/** Ignores everything. */
export const NO_OBSERVER: Observer = { pageDone: () => {}, attemptFailed: () => {}, warned: () => {} };
