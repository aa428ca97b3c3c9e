import { PAGE_ATTEMPTS } from '../../src/protocol/defaults';
import { NonRetryableError } from '../../src/source';
import { ChainSource, PageCall } from './chain-source';
import { Aftermath, AFTERMATHS, Scenario, SCENARIOS } from './crash-matrix';
import { onlyTheFirst, runImport } from './import-run';
import { PAGE_SIZE, Simulation } from './simulation';
import { Tally } from './tally';
import { problemsOfOne } from './verdict';

/** Everything that a handler can do wrong, at every page, with every way in which the state machine may take it. */

/** What happens to a page: what it resolves with is answered, and the page itself if that is nothing. */
type PageFault = (call: PageCall, simulation: Simulation, remaining: number) => Promise<unknown>;

export const PAGE_FAULTS: Readonly<Record<string, PageFault>> = {
  'throws': async () => { throw new Error('the source is out of order'); },
  'throws what is not retried': async () => { throw new NonRetryableError('the source is out of order'); },
  'asks for a wait': async () => ({ retryAfterSeconds: 90 }),
  'hangs': () => new Promise(() => {}),
  'answers after the deadline': (_call, { schedule }, remaining) => schedule.sleep(remaining + 1000),
  'dies': ({ attempt }) => attempt.die(),
  'crashes': async ({ attempt }) => { throw attempt.break(); },
  'comes before a crash': async ({ attempt }) => { attempt.break(); },
};

/** Once: it is cured by trying again. For good: the import fails, is cured, and resumed. */
const DURATIONS = ['once', 'for good'] as const;
type Duration = typeof DURATIONS[number];

/** A page has its attempts, and in each invocation one more may be cut off by its end that is not counted. */
const MOST_STRIKES = 2 * PAGE_ATTEMPTS;

/** Goes through all of it. */
export async function explorePageFaults(tally: Tally, only: (name: string) => boolean): Promise<void> {
  for (const scenario of SCENARIOS) {
    for (const page of pagesOf(scenario)) {
      for (const [kind, fault] of Object.entries(PAGE_FAULTS)) {
        for (const [duration, aftermath] of variants(kind)) {
          const name = `${scenario.name}: ${nameOfPage(page)} ${kind} ${duration}, ${aftermath}`;
          if (only(name)) await runPageFault(name, scenario, { page, kind, fault, duration, aftermath }, tally);
        }
      }
    }
  }
}

/** One place in all of this. */
interface PageCrash {
  readonly page: Asked;
  readonly kind: string;
  readonly fault: PageFault;
  readonly duration: Duration;
  readonly aftermath: Aftermath;
}

/** A page by its number, or what is asked once more before an import of one short page ends. */
type Asked = number | 'question';

/** With the empty one that ends an import by offsets. */
function pagesOf({ source: { style, shape }, pageSize = PAGE_SIZE }: Scenario): Asked[] {
  const pages = Array.from({ length: style === 'offset' ? shape.length + 1 : shape.length }, (_, index) => index + 1);
  const hasQuestion = style !== 'token' && shape.length === 1 && shape[0]! > 0 && shape[0]! < pageSize;
  return hasQuestion ? [...pages, 'question'] : pages;
}

function nameOfPage(page: Asked): string {
  return page === 'question' ? 'the question' : `page ${page}`;
}

function isAsked({ pageNumber, isQuestion }: PageCall, page: Asked): boolean {
  return page === 'question' ? isQuestion : !isQuestion && pageNumber === page;
}

/** A handler that is out of order for good can only be cured between two executions; a dead process is no zombie. */
function variants(kind: string): [Duration, Aftermath][] {
  const once = AFTERMATHS.filter((aftermath) => kind !== 'dies' || !aftermath.startsWith('zombie'));
  const forGood: [Duration, Aftermath][] = kind === 'asks for a wait' ? [] : [['for good', 'resumed']];
  if (kind === 'throws what is not retried') return forGood;
  return [...once.map((aftermath): [Duration, Aftermath] => ['once', aftermath]), ...forGood];
}

async function runPageFault(name: string, scenario: Scenario, crash: PageCrash, tally: Tally): Promise<void> {
  const { source: sourceOptions, ...options } = scenario;
  const { page, kind, fault, duration, aftermath } = crash;
  // An invocation whose process dies is lost: the machine tries again.
  const simulation = new Simulation({ ...options, attempts: aftermath === 'resumed' ? 1 : 3 });
  const source = simulation.source(sourceOptions);
  let strikes = 0;
  let cured = false;
  source.trouble = (call) => {
    if (!isAsked(call, page) || cured || (duration === 'once' && strikes > 0)) return undefined;
    strikes += 1;
    return abandoned(call, simulation, aftermath).then(() => fault(call, simulation, options.remaining));
  };
  await simulation.putOldObject();
  const run = runImport(simulation, source, aftermath === 'resumed' ? { mayFail: onlyTheFirst(), beforeResume: () => { cured = true; } } : {});
  const problems = await problemsOfOne(simulation, source, run);
  tally.count(`page ${kind}`, strikes);
  if (strikes === 0) problems.push('the fault never struck');
  if (strikes > MOST_STRIKES) problems.push(`the page was asked for ${strikes} times`);
  if (aftermath === 'resumed' && !takesDown(kind, page)) problems.push(...pagesAskedAgain(source, page));
  tally.schedule(name, simulation.longestChain, problems);
}

/** Whether what was fetched before is not committed: a page is not taken before the question that it ends with. */
function takesDown(kind: string, page: Asked): boolean {
  return kind === 'dies' || (page === 'question' && kind === 'crashes');
}

/** Whatever a page does, short of taking the process down, those before it are committed. Later ones may be cut off by an invocation. */
function pagesAskedAgain({ calls }: ChainSource, faulty: Asked): string[] {
  const pages = calls.filter(({ isQuestion }) => !isQuestion).map(({ pageNumber }) => pageNumber).filter((page) => faulty === 'question' || page < faulty);
  return [...new Set(pages.filter((page, index) => pages.indexOf(page) < index))].map((page) => `page ${page} was asked for again`);
}

/** Where the machine does not wait, it gives the attempt up while the page is fetched. */
async function abandoned({ attempt }: PageCall, simulation: Simulation, aftermath: Aftermath): Promise<void> {
  if (!aftermath.startsWith('zombie')) return;
  attempt.giveUp();
  if (aftermath === 'zombie after the step') await attempt.stepEnded.opened;
  if (aftermath === 'zombie after the import') await simulation.end;
}
