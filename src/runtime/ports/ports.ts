import { FetchPageRequest } from '../../protocol/fetch-contract';
import { ImportFile } from '../../protocol/import-file';
import { BrokenProcess } from './broken-process';
import { Observer } from './observer';

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

/** Opens the source of an import, whose file says what it is to be read with. */
export type OpenSource = (importFile: ImportFile, world: World) => PageSource;

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

/** What every step needs. */
export interface World {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly invocation: Invocation;
  readonly observer: Observer;
}
