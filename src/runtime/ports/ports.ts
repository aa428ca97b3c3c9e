import { FetchPageRequest } from '../../protocol/fetch-contract';
import { ImportFile } from '../../protocol/import-file';
import { BrokenProcess } from './broken-process';
import { Observer } from './observer';

/** What the core needs besides the store. All of it is injected, so that tests control time and chance. */

/** Time. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after so many milliseconds, or as soon as the signal fires. Never rejects. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /**
   * Calls back after so many milliseconds.
   *
   * @returns a function that cancels it. A page needs two of these; a promise and a signal for each would cost more than a page of a fast
   * source
   */
  after(milliseconds: number, callBack: () => void): () => void;
  /** Resolves when everything else that is due has had its turn: timers, and requests under way. */
  giveWay(): Promise<void>;
}

/** Chance. */
export interface Chance {
  /** A random UUID. */
  uuid(): string;
  /** A number from 0 (inclusive) to 1 (exclusive), for jitter. */
  fraction(): number;
}

/** The current invocation. */
export interface Invocation {
  /** Milliseconds until Lambda ends it. */
  remainingMilliseconds(): number;
}

/**
 * Opens the source of an import, from what the import's file says.
 *
 * @param settings those of a source without code, as JSON text; `undefined` for others
 */
export type OpenSource = (importFile: ImportFile, world: World, settings: string | undefined) => PageSource;

/** The user's fetch-page handler, wherever it runs. */
export interface PageSource {
  /**
   * Set once the handler's process cannot be trusted with any more pages.
   * @default - it always can, for example if the handler runs in another process
   */
  readonly broken?: BrokenProcess | undefined;

  /**
   * Asks for one page. Resolves with the handler's answer, which must not be trusted.
   *
   * @param signal fires shortly before the invocation's time is up
   * @throws BrokenProcess if the process cannot be trusted with any more pages
   */
  fetchPage(request: FetchPageRequest, signal: AbortSignal): Promise<unknown>;
}

/** What every step needs. */
export interface World {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly invocation: Invocation;
  readonly observer: Observer;
}
