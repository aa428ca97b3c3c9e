import { Clock } from '../../src/runtime/ports/ports';

/** When virtual time begins. */
export const VIRTUAL_START = Date.parse('2026-01-02T03:04:05.000Z');

interface Sleeper {
  readonly wakeAt: number;
  wake(): void;
}

/**
 * Time that passes only when nothing else is left to do: once all promises that can settle have settled, it jumps to the next sleeper. An
 * hour of waiting takes no time, and the order of events is always the same.
 */
export class VirtualClock implements Clock {
  private time = VIRTUAL_START;
  private readonly sleepers = new Set<Sleeper>();
  private armed = false;

  public now(): number {
    return this.time;
  }

  /** Milliseconds since time began. */
  public get elapsed(): number {
    return this.time - VIRTUAL_START;
  }

  public async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        cancel();
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const cancel = this.wakeAfter(milliseconds, wake);
      signal?.addEventListener('abort', wake);
    });
  }

  public after(milliseconds: number, callBack: () => void): () => void {
    let isOff = false;
    const cancel = this.wakeAfter(milliseconds, () => {
      cancel();
      // Later than this step, as after `sleep`.
      void Promise.resolve().then(() => { if (!isOff) callBack(); });
    });
    return () => {
      isOff = true;
      cancel();
    };
  }

  /** Returns what takes the sleeper out again. */
  private wakeAfter(milliseconds: number, wake: () => void): () => void {
    const sleeper = { wakeAt: this.time + Math.max(0, milliseconds), wake };
    this.sleepers.add(sleeper);
    this.arm();
    return () => this.sleepers.delete(sleeper);
  }

  /** Everything else that is due runs by promises, which take their turn by themselves. */
  public async giveWay(): Promise<void> {}

  /** Lets time pass. Who should have been woken meanwhile is woken late. */
  protected pass(milliseconds: number): void {
    this.time += milliseconds;
  }

  /** Does one thing. Subclasses may have something else to do than to let time pass. */
  protected step(): void {
    const next = this.nextSleeper();
    if (next === undefined) return;
    this.time = Math.max(this.time, next.wakeAt);
    next.wake();
  }

  /** Whether there is nothing to do but to wait for what others do. */
  protected get isIdle(): boolean {
    return this.sleepers.size === 0;
  }

  /** Node runs all promise callbacks before an immediate: when it comes, everything else is waiting. */
  protected arm(): void {
    if (this.armed) return;
    this.armed = true;
    setImmediate(() => {
      this.armed = false;
      this.step();
      if (!this.isIdle) this.arm();
    });
  }

  private nextSleeper(): Sleeper | undefined {
    let next: Sleeper | undefined;
    for (const sleeper of this.sleepers) if (next === undefined || sleeper.wakeAt < next.wakeAt) next = sleeper;
    return next;
  }
}
