import { exploreCrashMatrix } from './crash-matrix';
import { exploreInterference } from './interference';
import { explorePageFaults } from './page-faults';
import { searchAtRandom } from './random-search';
import { Tally } from './tally';

/** What a search is asked for. */
export interface PartOptions {
  /** Random schedules of each mode. */
  readonly schedules: number;
  /** Of the random schedules. */
  readonly seed: number;
  /** One random schedule alone: its place, as a violation names it. */
  readonly path?: string;
  /** Which of the schedules that have names are run. */
  readonly only: (name: string) => boolean;
}

/** The searches over the memory store: the exhaustive ones, and those at random. */
export const PARTS: Readonly<Record<string, (tally: Tally, options: PartOptions) => Promise<void>>> = {
  'interference': (tally, { only }) => exploreInterference(tally, only),
  'page faults': (tally, { only }) => explorePageFaults(tally, only),
  'crash matrix': (tally, { only }) => exploreCrashMatrix(tally, only),
  'safety': (tally, options) => searchAtRandom(tally, 'safety', options),
  'liveness': (tally, options) => searchAtRandom(tally, 'liveness', options),
};
