import { ChainSource } from './chain-source';
import { callsOf, firstOfImport, nameOfCall, Scenario, SCENARIOS } from './crash-matrix';
import { Fault } from './faults';
import { Trouble } from './faulty-store';
import { EndedImport, runImport } from './import-run';
import { OpenUpload } from './platform';
import { Simulation } from './simulation';
import { Tally } from './tally';
import { problemsOf, problemsOfAnyUploads, problemsOfEnded, problemsOfSightings } from './verdict';

/**
 * Somebody else at every store call of an import: other imports of the same execution that publish to the same key, a second execution
 * of the same import, steps that nobody asked for. Each comes as a whole between two calls, or call by call in turn with the import.
 */

/** An import that is run, and who interferes with it. */
interface Encounter {
  readonly simulation: Simulation;
  readonly source: ChainSource;
  readonly startedAt: number;
  readonly importId: string;
}

/** Somebody who interferes. Resolves with an import of its own, if it has made one. */
type Rival = (encounter: Encounter) => Promise<EndedImport | undefined>;

const RIVAL_SOURCE = { style: 'token', shape: [1, 2] } as const;

const RIVALS: Readonly<Record<string, Rival>> = {
  'an import that started later': ({ simulation, startedAt }) => runRivalImport(simulation, startedAt + 1),
  'an import that started before': ({ simulation, startedAt }) => runRivalImport(simulation, startedAt - 1),
  'an import of the same execution': ({ simulation, startedAt }) => runRivalImport(simulation, startedAt),
  'a second execution of the import': async ({ simulation, source, startedAt, importId }) => {
    const result = await simulation.execute({ source, input: { resumeFrom: importId } });
    return { importId, source, startedAt, result };
  },
  // Such a rule is for uploads that nobody completes, but may be set too short.
  'a lifecycle rule that drops uploads': async ({ simulation }) => {
    const drop = async (upload: OpenUpload): Promise<void> => simulation.store(upload.bucket).abortUpload(upload);
    await simulation.schedule.watch(() => Promise.all(simulation.openUploads().map(drop)));
    return undefined;
  },
  'a Persist that nobody asked for': ({ simulation, source, importId }) =>
    simulation.intrude('Persist', source, (machine) => machine.persist({ importId })).then(() => undefined),
  'a CleanUp that nobody asked for': ({ simulation, source, importId }) =>
    simulation.intrude('CleanUp', source, (machine) => machine.cleanUp({ importId })).then(() => undefined),
};

export const MANNERS = ['between two calls', 'call by call'] as const;
export type Manner = typeof MANNERS[number];

/** Goes through all of it. */
export async function exploreInterference(tally: Tally, only: (name: string) => boolean): Promise<void> {
  for (const scenario of SCENARIOS) {
    const calls = await callsOf(scenario);
    for (let call = firstOfImport(calls); call < calls.length; call++) {
      for (const [rival, run] of Object.entries(RIVALS)) {
        for (const manner of MANNERS) {
          const name = `${scenario.name}: ${rival} at ${nameOfCall(call, calls[call]!)}, ${manner}`;
          if (only(name)) await runEncounter(name, scenario, call, run, manner, tally);
        }
      }
    }
  }
}

async function runRivalImport(simulation: Simulation, startedAt: number): Promise<EndedImport> {
  return runImport(simulation, simulation.source(RIVAL_SOURCE), { startedAt });
}

async function runEncounter(
  name: string, { source: sourceOptions, ...options }: Scenario, call: number, rival: Rival, manner: Manner, tally: Tally,
): Promise<void> {
  // A call that waits for a whole import is a slow one, and may cost its invocation the time for a page.
  const simulation = new Simulation({ ...options, attempts: 2 });
  const source = simulation.source(sourceOptions);
  const startedAt = simulation.schedule.now();
  const interruption = new Interruption(call, manner, (importId) => rival({ simulation, source, startedAt, importId }));
  simulation.trouble = interruption;
  await simulation.putOldObject();
  const problems = await problemsOf(simulation, async () => {
    const own = await runImport(simulation, source, { startedAt, onInitialized: (id) => { interruption.importId = id; } });
    const other = await interruption.other;
    await simulation.settle();
    const all = other === undefined ? [own] : [own, other];
    return [
      ...problemsOfSightings(simulation, all.map((ended) => ended.source)),
      ...await problemsOfEnded(simulation, all),
      ...problemsOfAnyUploads(simulation),
    ];
  });
  tally.schedule(name, simulation.longestChain, problems);
}

/** Lets somebody in before one call. */
export class Interruption<Other> implements Pick<Trouble, 'faultOf' | 'struck'> {
  public importId = '';
  /** What the other has come to. */
  public other: Promise<Other | undefined> = Promise.resolve(undefined);
  private calls = 0;

  constructor(
    private readonly call: number,
    private readonly manner: Manner,
    private readonly letIn: (importId: string) => Promise<Other | undefined>,
  ) {}

  public faultOf(): Fault | undefined {
    return this.calls++ === this.call ? { kind: 'slow request' } : undefined;
  }

  public async struck(): Promise<void> {
    this.other = this.letIn(this.importId);
    // Its failure is the judge's business.
    const ended = this.other.then(() => undefined, () => undefined);
    if (this.manner === 'between two calls') await ended;
  }
}
