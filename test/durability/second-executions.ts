import { ImportResult, LoopState } from '../../src/protocol/machine-state';
import { NonRetryableError } from '../../src/source';
import { ChainSource, ChainSourceOptions } from './chain-source';
import { nameOfCall, Scenario, SCENARIOS } from './crash-matrix';
import { StoreCall } from './faulty-store';
import { EndedImport } from './import-run';
import { Simulation } from './simulation';
import { Tally } from './tally';
import { problemsOf, problemsOfAnyUploads, problemsOfEnded, problemsOfSightings } from './verdict';

/** Two executions of one import: one runs to its end while the other is held up, and both must end the same. */

/** What becomes of a page when another execution has had it. */
const PAGE_ENDINGS: Readonly<Record<string, () => unknown>> = {
  'fails': () => { throw new NonRetryableError('the source is out of order'); },
  'is refused': () => ({ records: 'none' }),
  'asks for a wait': () => ({ retryAfterSeconds: 600 }),
  'asks for too long a wait': () => ({ retryAfterSeconds: 100_000 }),
};

/** Goes through all of it. */
export async function exploreSecondExecutions(tally: Tally, only: (name: string) => boolean): Promise<void> {
  for (const scenario of SCENARIOS) {
    for (let page = 1; page <= scenario.source.shape.length; page++) {
      for (const ending of Object.keys(PAGE_ENDINGS)) {
        const name = `${scenario.name}: page ${page} ${ending} when another execution has ended the import`;
        if (only(name)) await runExecutions(name, scenario, tally, (pair) => overtakenAt(pair, page, ending));
      }
    }
    for (const [call, storeCall] of (await callsOfResume(scenario)).entries()) {
      const name = `${scenario.name}: the execution that began it ends it at ${nameOfCall(call, storeCall)} of the one that resumes it`;
      if (only(name)) await runExecutions(name, scenario, tally, (pair) => overtakenOnResuming(pair, call));
    }
  }
}

/** An import of two executions. Each way to run them resolves with what both have come to. */
interface Pair {
  readonly simulation: Simulation;
  readonly source: ChainSource;
}

type TwoResults = readonly [importId: string, one: ImportResult, other: ImportResult];

async function runExecutions(
  name: string, { source: sourceOptions, ...options }: Scenario, tally: Tally, run: (pair: Pair) => Promise<TwoResults>,
): Promise<void> {
  const simulation = new Simulation({ ...options, attempts: 2 });
  const source = simulation.source(sourceOptions);
  const startedAt = simulation.schedule.now();
  await simulation.putOldObject();
  const problems = await problemsOf(simulation, async () => {
    const [importId, result, other] = await run({ simulation, source });
    await simulation.settle();
    const ended: EndedImport = { importId, source, startedAt, result };
    return [
      ...JSON.stringify(result) === JSON.stringify(other) ? [] : ['the executions ended differently'],
      ...problemsOfSightings(simulation, [source]),
      ...await problemsOfEnded(simulation, [ended]),
      ...problemsOfAnyUploads(simulation),
    ];
  });
  tally.schedule(name, simulation.longestChain, problems);
}

/** The first execution's page comes to nothing, after a second execution has run from there to its end. */
async function overtakenAt({ simulation, source }: Pair, page: number, ending: string): Promise<TwoResults> {
  let importId = '';
  let other: Promise<ImportResult> | undefined;
  source.trouble = (call) => {
    if (call.pageNumber !== page || other !== undefined) return undefined;
    other = simulation.execute({ source, input: { resumeFrom: importId } });
    return other.then(() => PAGE_ENDINGS[ending]!());
  };
  const one = await simulation.execute({ source, onInitialized: (id) => { importId = id; } });
  return [importId, one, await other!];
}

/** The second execution is held up at one of its calls, until the first one has published. */
async function overtakenOnResuming({ simulation, source }: Pair, call: number): Promise<TwoResults> {
  const { importId } = await fetchedWhole({ simulation, source });
  let calls = 0;
  let one: Promise<ImportResult> | undefined;
  simulation.trouble = {
    faultOf: () => (calls++ === call ? { kind: 'slow request' } : undefined),
    struck: async () => {
      one = simulation.publish(source, importId);
      await one;
    },
  };
  const other = await simulation.execute({ source, input: { resumeFrom: importId } });
  return [importId, await one!, other];
}

async function fetchedWhole({ simulation, source }: Pair): Promise<LoopState> {
  let state = await simulation.step('Initialize', source, (machine) => machine.initialize({}, simulation.schedule.now()));
  while (state.continue) {
    const current: LoopState = state;
    state = await simulation.step('Fetch', source, (machine) => machine.fetch(current));
  }
  return state;
}

/** The calls of an execution that resumes an import which is fetched, but not published. */
async function callsOfResume({ source: sourceOptions, ...options }: { readonly source: ChainSourceOptions } & Omit<Scenario, 'name'>): Promise<StoreCall[]> {
  const calls: StoreCall[] = [];
  const simulation = new Simulation({ ...options, attempts: 1 });
  const source = simulation.source(sourceOptions);
  await simulation.schedule.untilEnd((async () => {
    const { importId } = await fetchedWhole({ simulation, source });
    simulation.trouble = { faultOf: (call) => void calls.push(call) };
    await simulation.execute({ source, input: { resumeFrom: importId } });
  })());
  return calls;
}
