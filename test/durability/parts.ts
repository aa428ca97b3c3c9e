import { exploreCrashMatrix } from './crash-matrix';
import { exploreInterference } from './interference';
import { explorePageFaults } from './page-faults';
import { searchAtRandom } from './random-search';
import { exploreSecondExecutions } from './second-executions';
import { Tally } from './tally';
import { exploreTampering } from './tampering';
import { exploreWrongSources } from './wrong-sources';

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

/** A search over the memory store. */
export type Part = (tally: Tally, options: PartOptions) => Promise<void>;

/** The exhaustive searches, whose schedules have names. */
export const EXHAUSTIVE: Readonly<Record<string, Part>> = {
  'interference': (tally, { only }) => exploreInterference(tally, only),
  'second executions': (tally, { only }) => exploreSecondExecutions(tally, only),
  'tampering': (tally, { only }) => exploreTampering(tally, only),
  'page faults': (tally, { only }) => explorePageFaults(tally, only),
  'wrong sources': (tally, { only }) => exploreWrongSources(tally, only),
  'crash matrix': (tally, { only }) => exploreCrashMatrix(tally, only),
};

/** The searches at random, whose schedules have a seed and a path. */
const RANDOM: Readonly<Record<string, Part>> = {
  safety: (tally, options) => searchAtRandom(tally, 'safety', options),
  liveness: (tally, options) => searchAtRandom(tally, 'liveness', options),
};

/** All searches. */
export const PARTS: Readonly<Record<string, Part>> = { ...EXHAUSTIVE, ...RANDOM };
