import { StoreUnavailableError } from '../../src/protocol/errors';
import { ObjectStore } from '../../src/runtime/store/object-store';
import { collect } from '../kit/collect';
import { SeededChance } from '../kit/seeded-chance';

/** What may happen to a call besides that it succeeds. */
export type Fault =
  /** 503: not applied, and said so. */
  | 'fails'
  /** Applied, but the reply is lost. */
  | 'reply-lost'
  /** The reply is lost, and it is applied when others have gone on. */
  | 'applied-late'
  /** 409, not applied. */
  | 'conflict'
  /** The process dies before the call is applied, or after. */
  | 'dies-before'
  | 'dies-after';

export const FAULTS: readonly Fault[] = ['fails', 'reply-lost', 'applied-late', 'conflict', 'dies-before', 'dies-after'];

/** How faults are drawn, for all attempts of a schedule together. */
export interface FaultPlan {
  readonly chance: SeededChance;
  /** One call in so many fails; 0 for none. Changed while the schedule runs. */
  oneIn: number;
  /** How many there were of each. */
  readonly injected: Map<Fault, number>;
}

/** The process that an attempt runs in. */
export class Process {
  public readonly death: Promise<never>;
  private alive = true;
  private reject!: (error: Error) => void;

  constructor() {
    this.death = new Promise<never>((_resolve, reject) => { this.reject = reject; });
    this.death.catch(() => undefined);
  }

  /** Ends the process: what waits for it learns of it, what runs in it never goes on. */
  public die(): Promise<never> {
    this.alive = false;
    this.reject(new Error('the process died'));
    return new Promise(() => {});
  }

  public get isAlive(): boolean {
    return this.alive;
  }
}

type Method = Exclude<keyof ObjectStore, 'bucket'>;

/** A store as one process sees it, with faults. */
export function faultyStore(store: ObjectStore, process: Process, plan: FaultPlan): ObjectStore {
  const call = (method: Method) => async (...args: unknown[]): Promise<unknown> => {
    if (!process.isAlive) return process.die();
    const apply = (): Promise<unknown> => applied(store, method, args);
    const fault = draw(plan);
    const reply = await (fault === undefined ? apply() : suffer(fault, method, apply, process, store.bucket));
    return process.isAlive ? reply : process.die();
  };
  // A listing is one call: nothing else happens while it is read.
  async function* list(...args: Parameters<ObjectStore['list']>): AsyncIterable<string> {
    yield* await call('list')(...args) as string[];
  }
  return new Proxy(store, {
    get: (target, name) => name === 'bucket' ? target.bucket : name === 'list' ? list : call(name as Method),
  });
}

function applied(store: ObjectStore, method: Method, args: unknown[]): Promise<unknown> {
  if (method === 'list') return collect(store.list(...args as Parameters<ObjectStore['list']>));
  return (store[method] as (...all: unknown[]) => Promise<unknown>).apply(store, args);
}

function draw({ chance, oneIn, injected }: FaultPlan): Fault | undefined {
  if (oneIn === 0 || !chance.oneIn(oneIn)) return undefined;
  const fault = chance.pick(FAULTS);
  injected.set(fault, (injected.get(fault) ?? 0) + 1);
  return fault;
}

async function suffer(fault: Fault, method: Method, apply: () => Promise<unknown>, process: Process, bucket: string): Promise<unknown> {
  switch (fault) {
    case 'fails': return unanswered(method, bucket);
    case 'conflict': return isConditional(method) ? 'conflict' : unanswered(method, bucket);
    case 'reply-lost':
      await apply();
      return unanswered(method, bucket);
    case 'applied-late':
      apply().catch(() => undefined);
      return unanswered(method, bucket);
    case 'dies-before': return process.die();
    case 'dies-after':
      await apply();
      return process.die();
  }
}

/** As the port says: operations with an outcome say that it is unknown, all others throw. */
function unanswered(method: Method, bucket: string): 'unknown' {
  if (isConditional(method)) return 'unknown';
  throw new StoreUnavailableError(method, bucket, 'a key');
}

function isConditional(method: Method): method is 'writeIf' | 'completeUpload' {
  return method === 'writeIf' || method === 'completeUpload';
}
