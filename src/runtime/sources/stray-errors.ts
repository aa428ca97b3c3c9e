import { BrokenProcess } from '../ports/broken-process';

const EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

type Listener = (thrown: unknown) => void;

/** What is needed of `process`. */
export interface ErrorEmitter {
  on(event: string, listener: Listener): unknown;
  off(event: string, listener: Listener): unknown;
  rawListeners(event: string): unknown[];
}

/**
 * Notices what a handler throws where its promise does not reach: a promise that is rejected before anything handles it, an 'error' event
 * without a listener, a timer that throws. Node.js and Lambda's runtime would end the process at once, and with it all pages that are not
 * committed.
 *
 * Only from the first page of an invocation to the invocation's end: at other times, whoever listened before still does.
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

  /** The first one. */
  public get first(): BrokenProcess | undefined {
    return this.noted;
  }

  /**
   * Runs the work for a page.
   *
   * @throws BrokenProcess as soon as something stray is thrown, since the work may never settle then, or at once where something was
   */
  public async interrupting<T>(work: () => Promise<T>): Promise<T> {
    this.watch();
    return new Promise((resolve, reject) => {
      if (this.noted !== undefined) return reject(this.noted);
      this.pagesOut.add(reject);
      void work().then(resolve, reject).finally(() => this.pagesOut.delete(reject));
    });
  }

  /** The invocation has ended. A process that is broken ends, too: whatever else is thrown until then must not hide why. */
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
