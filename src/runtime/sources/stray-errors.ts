import { BrokenProcess } from '../ports/broken-process';

const EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

type Listener = (thrown: unknown) => void;

/** The part of `process` that is needed. */
export interface ErrorEmitter {
  on(event: string, listener: Listener): unknown;
  off(event: string, listener: Listener): unknown;
  rawListeners(event: string): unknown[];
}

/**
 * Catches what a handler throws outside its promise: a rejection that nothing handles, an 'error' event without a listener, a timer that
 * throws. Otherwise, Node.js or Lambda's runtime would end the process at once, and lose all uncommitted pages.
 *
 * Active only from the first page of an invocation to its end. At other times, the original listeners are in place.
 */
export class StrayErrors {
  private readonly listeners: readonly { readonly event: string; readonly theirs: readonly Listener[]; readonly ours: Listener }[];
  private readonly pagesOut = new Set<(broken: BrokenProcess) => void>();
  private isWatching = false;
  private noted: BrokenProcess | undefined;

  constructor(private readonly emitter: ErrorEmitter) {
    this.listeners = EVENTS.map((event) => ({
      event,
      // Before the handler's module is loaded, only Lambda's runtime listens, to end the process.
      theirs: emitter.rawListeners(event) as Listener[],
      ours: (thrown) => this.note(new BrokenProcess(event, thrown)),
    }));
  }

  /** The first stray error. */
  public get first(): BrokenProcess | undefined {
    return this.noted;
  }

  /**
   * Runs the work for a page.
   *
   * @throws BrokenProcess as soon as a stray error occurs, since the work may never settle then; at once if one has already occurred
   */
  public async interrupting<T>(work: () => Promise<T>): Promise<T> {
    this.watch();
    return new Promise((resolve, reject) => {
      if (this.noted !== undefined) return reject(this.noted);
      this.pagesOut.add(reject);
      void work().then(resolve, reject).finally(() => this.pagesOut.delete(reject));
    });
  }

  /** Call when the invocation has ended. A broken process ends too: it keeps listening, so that later errors do not hide the first. */
  public release(): void {
    if (!this.isWatching || this.noted !== undefined) return;
    this.isWatching = false;
    for (const { event, theirs, ours } of this.listeners) {
      this.emitter.off(event, ours);
      theirs.forEach((listener) => this.emitter.on(event, listener));
    }
  }

  private watch(): void {
    if (this.isWatching) return;
    this.isWatching = true;
    for (const { event, theirs, ours } of this.listeners) {
      theirs.forEach((listener) => this.emitter.off(event, listener));
      this.emitter.on(event, ours);
    }
  }

  private note(broken: BrokenProcess): void {
    this.noted ??= broken;
    this.pagesOut.forEach((reject) => reject(this.noted!));
  }
}
