import { FETCH_MEMORY_MIB, FUNCTION_TIMEOUT_SECONDS } from '../../protocol/defaults';
import { HttpSettings } from '../../protocol/http-settings';
import { Preview, PreviewedPage, recordsOf, totalSentIn } from './previewed-page';
import { PER_GIGABYTE_SECOND, PER_INVOCATION, PER_TRANSITION } from './prices';

/** A guess of what the whole import takes. S3 requests and the time to publish are not in it. */
export interface Estimate {
  readonly pages: number;
  /** `undefined` if the source's total is not known: then the guess is for some pages. */
  readonly records: number | undefined;
  /** Whether the preview has read everything. */
  readonly isWhole: boolean;
  readonly secondsPerPage: number;
  /** Time of the fetch function. */
  readonly seconds: number;
  readonly transitions: number;
  readonly dollars: number;
}

/** Pages that the guess is for where the total is not known. */
const SOME_PAGES = 1000;

/** Transitions of an import besides its rounds, and of a round: Fetch and PersistOrContinue. */
const TRANSITIONS = { import: 4, round: 2 };

/** Initialize, Persist and CleanUp. */
const OTHER_INVOCATIONS = 3;

/** @returns `undefined` if no page was read */
export function estimateOf(settings: HttpSettings, preview: Preview): Estimate | undefined {
  const { pages } = preview;
  if (pages.length === 0) return undefined;
  const size = sizeOf(preview);
  const secondsPerPage = Math.max(averageSeconds(pages), spacing(settings));
  const seconds = size.pages * secondsPerPage;
  const rounds = Math.max(1, Math.ceil(seconds / FUNCTION_TIMEOUT_SECONDS));
  const transitions = TRANSITIONS.import + TRANSITIONS.round * rounds;
  const lambda = seconds * FETCH_MEMORY_MIB / 1024 * PER_GIGABYTE_SECOND + (OTHER_INVOCATIONS + rounds) * PER_INVOCATION;
  return { ...size, secondsPerPage, seconds, transitions, dollars: lambda + transitions * PER_TRANSITION };
}

function sizeOf(preview: Preview): Pick<Estimate, 'pages' | 'records' | 'isWhole'> {
  const { pages } = preview;
  const read = recordsOf(preview).length;
  const last = pages.at(-1)!;
  if (last.isLast) return { pages: pages.length, records: read, isWhole: true };
  const perPage = Math.max(...pages.map((page) => page.read.records.length));
  const total = last.read.total ?? totalSentIn(pages)?.count;
  if (total === undefined || perPage === 0) return { pages: SOME_PAGES, records: undefined, isWhole: false };
  return { pages: Math.max(pages.length, Math.ceil(total / perPage)), records: total, isWhole: false };
}

/** All requests for a page count, retries included. */
function averageSeconds(pages: readonly PreviewedPage[]): number {
  const milliseconds = pages.flatMap(({ responses }) => responses).reduce((sum, response) => sum + response.milliseconds, 0);
  return milliseconds / pages.length / 1000;
}

/** Seconds between requests that a rate limit imposes. The function waits, since these waits are short. */
function spacing({ rateLimit: { perSecond = Infinity, perMinute = Infinity } = {} }: HttpSettings): number {
  return Math.max(1 / perSecond, 60 / perMinute);
}
