import { StoreUnavailableError } from '../../src/protocol/errors';
import { ObjectStore } from '../../src/runtime/ports/object-store';
import { collect } from '../kit/collect';
import { Attempt } from './attempt';
import { canMeet, Fault, isConditional, Lateness, Method } from './faults';

/** A call that an attempt is about to make. */
export interface StoreCall {
  readonly attempt: Attempt;
  readonly method: Method;
  readonly bucket: string;
  /** Key or prefix; of a deletion, the first key. */
  readonly key: string;
}

/** What is done to an attempt's calls, and when. */
export interface Trouble {
  /** What happens to the call; `undefined` for nothing. */
  faultOf(call: StoreCall): Fault | undefined;
  /** Told of a fault that strikes. Resolves when the attempt may go on with its reply. */
  struck(call: StoreCall, fault: Fault): Promise<void>;
  /** Resolves when a late request arrives. */
  arrival(call: StoreCall, when: Lateness): Promise<void>;
}

/** Calls that fail one after the other while S3 asks to slow down. */
const SLOW_DOWN_CALLS = 3;

/** What makes the calls of a store. */
export interface Caller {
  readonly bucket: string;
  call(method: Method, args: unknown[]): Promise<unknown>;
}

/** The store port over what makes its calls. */
export function storeOf(caller: Caller): ObjectStore {
  const call = (method: Method) => (...args: unknown[]) => caller.call(method, args);
  // A listing is one call: nothing else happens while it is read.
  async function* list(...args: unknown[]): AsyncIterable<string> {
    yield* await caller.call('list', args) as string[];
  }
  return new Proxy({} as ObjectStore, {
    get: (_target, name) => {
      switch (name) {
        case 'bucket': return caller.bucket;
        case 'list': return list;
        // No call, and only for messages.
        case 'answerOf': return undefined;
        default: return call(name as Method);
      }
    },
  });
}

/** A store as one attempt sees it, with its troubles: they happen between the attempt and the store. */
export class FaultyStore implements Caller {
  /** Calls from here on that fail. */
  protected failing = 0;

  constructor(private readonly store: ObjectStore, protected readonly attempt: Attempt, protected readonly trouble: Trouble) {}

  public get bucket(): string {
    return this.store.bucket;
  }

  public async call(method: Method, args: unknown[]): Promise<unknown> {
    const { attempt, trouble } = this;
    if (!attempt.isAlive) return attempt.die();
    const call = { attempt, method, bucket: this.store.bucket, key: keyOf(args[0]) };
    const fault = this.failing > 0 ? undefined : trouble.faultOf(call);
    if (fault !== undefined && !canMeet(method, fault)) throw new Error(`${method} cannot meet the fault ${fault.kind}`);
    const reply = await (fault === undefined ? this.spared(method, args) : this.suffer(fault, call, args));
    return attempt.isAlive ? reply : attempt.die();
  }

  /** The call without a fault of its own. */
  private async spared(method: Method, args: unknown[]): Promise<unknown> {
    if (this.failing === 0) return this.apply(method, args);
    this.failing -= 1;
    return this.unanswered(method);
  }

  /** Carries the fault out. Resolves with what the attempt is told. */
  protected async suffer(fault: Fault, call: StoreCall, args: unknown[]): Promise<unknown> {
    const { attempt, trouble } = this;
    const { method } = call;
    const struck = trouble.struck(call, fault);
    switch (fault.kind) {
      case 'slow request':
        await struck;
        return this.apply(method, args);
      case 'slow reply':
        return this.answerAfter(struck, await this.apply(method, args));
      case 'slow down':
        this.failing = SLOW_DOWN_CALLS;
        break;
      case 'fails': case 'error in a 200':
        break;
      case 'conflict':
        // S3 wants a new upload after it.
        if (method === 'completeUpload') await this.apply('abortUpload', args.slice(0, 1));
        return this.answerAfter(struck, 'conflict');
      case 'refused by its own write':
        await this.apply(method, args);
        return this.answerAfter(struck, 'refused');
      case 'reply lost': case 'reply lost, next call fails':
        await this.apply(method, args);
        break;
      case 'applied late': case 'applied late, next call fails':
        this.applyAfter(trouble.arrival(call, fault.when), method, args);
        break;
      case 'dies before':
        return attempt.die();
      case 'dies after':
        await this.apply(method, args);
        return attempt.die();
      case 'dies, applied late':
        this.applyAfter(trouble.arrival(call, fault.when), method, args);
        return attempt.die();
    }
    if (fault.kind.endsWith('next call fails')) this.failing = 1;
    await struck;
    return this.unanswered(method);
  }

  private async answerAfter(struck: Promise<void>, reply: unknown): Promise<unknown> {
    await struck;
    return reply;
  }

  private applyAfter(arrival: Promise<void>, method: Method, args: unknown[]): void {
    // Nobody learns what came of it.
    arrival.then(() => this.apply(method, args)).catch(() => undefined);
  }

  protected apply(method: Method, args: unknown[]): Promise<unknown> {
    return callOf(this.store, method, args);
  }

  /** As the port says: operations with an outcome say that it is unknown, all others throw. */
  private unanswered(method: Method): 'unknown' {
    if (isConditional(method)) return 'unknown';
    throw new StoreUnavailableError(method, this.store.bucket, 'a key');
  }
}

/** Makes a call; a listing is read to its end. */
export function callOf(store: ObjectStore, method: Method, args: unknown[]): Promise<unknown> {
  if (method === 'list') return collect(store.list(...args as Parameters<ObjectStore['list']>));
  return (store[method] as (...all: unknown[]) => Promise<unknown>).apply(store, args);
}

function keyOf(argument: unknown): string {
  if (typeof argument === 'string') return argument;
  return Array.isArray(argument) ? String(argument[0] ?? '') : (argument as { readonly key: string }).key;
}
