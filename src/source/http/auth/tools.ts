import { HttpObserver } from '../observe/http-observer';
import { ReadSecret, WriteSecret } from './secrets';

/** What a source needs besides its settings. Injected, so that tests control time and chance. */
export interface HttpTools {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Resolves after so many milliseconds, or as soon as the signal fires. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** A number from 0 (inclusive) to 1 (exclusive), for jitter. */
  readonly fraction: () => number;
  readonly readSecret: ReadSecret;
  readonly writeSecret: WriteSecret;
  /** Tells the person who runs the import what the source did. Without values of the source. */
  readonly log: (message: string) => void;
  /** @default - nobody watches */
  readonly observer?: HttpObserver;
}
