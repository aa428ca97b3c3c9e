import { BrokenProcess } from '../../src/runtime/ports/broken-process';

/** What ends something that others wait for. */
export class Gate {
  public readonly opened: Promise<void>;
  public open!: () => void;

  constructor() {
    this.opened = new Promise((resolve) => { this.open = resolve; });
  }
}

/** Steps of the state machine. */
export type StepName = 'Initialize' | 'Fetch' | 'Summarize' | 'Persist' | 'CleanUp';

/** What the state machine knows of a process that it waits for no longer. */
export class LostInvocation extends Error {}

/** One invocation: the process that it runs in, and the state machine's patience with it. */
export class Attempt {
  private readonly dead = failure();
  private readonly forsaken = failure();
  private alive = true;
  private givenUp = false;
  private brokenBy: BrokenProcess | undefined;

  /**
   * @param stepEnded opens when the step has ended, whichever attempt ended it
   */
  constructor(public readonly step: StepName, public readonly stepEnded: Gate) {}

  /** Rejects when the process dies. */
  public get death(): Promise<never> {
    return this.dead.promise;
  }

  /** Rejects when the process dies, or when the state machine gives it up. */
  public get lost(): Promise<never> {
    return Promise.race([this.dead.promise, this.forsaken.promise]);
  }

  public get isAlive(): boolean {
    return this.alive;
  }

  /** Whether the state machine has given it up. */
  public get isForsaken(): boolean {
    return this.givenUp;
  }

  /** What the handler has thrown outside of its promise: no page comes from this process any more. */
  public get broken(): BrokenProcess | undefined {
    return this.brokenBy;
  }

  /** The handler throws something outside of its promise. */
  public break(): BrokenProcess {
    return this.brokenBy ??= new BrokenProcess('uncaughtException', new Error('the source is out of order'));
  }

  /** Ends the process: what runs in it never goes on. */
  public die(): Promise<never> {
    this.alive = false;
    this.dead.fail(new LostInvocation('the process died'));
    return new Promise(() => {});
  }

  /** The state machine waits no longer; the process does not know. */
  public giveUp(): void {
    this.givenUp = true;
    this.forsaken.fail(new LostInvocation('the state machine has given up waiting'));
  }
}

/** A promise that can only reject, and does no harm if nobody waits for it. */
function failure(): { readonly promise: Promise<never>; fail(error: Error): void } {
  let fail!: (error: Error) => void;
  const promise = new Promise<never>((_resolve, reject) => { fail = reject; });
  promise.catch(() => undefined);
  return { promise, fail };
}
