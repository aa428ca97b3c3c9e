import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';
import { SANDBOX_WORKER_FILE } from '../sandbox-worker-file';
import { Lines } from './lines';
import { SandboxMessage, SandboxRequest, SandboxSetup } from './sandbox-messages';

/** What came of a sandbox that was started, or was given something to do. */
export type SandboxEvent =
  | SandboxMessage
  | { readonly kind: 'out-of-memory' }
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed' }
  | { readonly kind: 'timed-out' };

export interface SandboxOptions extends SandboxSetup {
  readonly memoryMegabytes: number;
  readonly environment: Record<string, string>;
  readonly onLine: (stream: 'stdout' | 'stderr', text: string) => void;
}

/** The shares of a function's memory that Lambda's runtime gives to V8's old generation, and to the three semi-spaces of the young one. */
const OLD_GENERATION = 0.9;
const YOUNG_GENERATION = 3 * 0.05;

/** After these a sandbox can be used. */
const GOES_ON: readonly SandboxEvent['kind'][] = ['ready', 'response', 'failed'];

/**
 * A thread with one function's code in it, which handles one invocation at a time.
 *
 * The memory limit is that of V8's heap: `Buffer`s and other memory outside of it do not count, as they would on Lambda.
 * Working directory, file system and CPU are this process's own.
 */
export class Sandbox {
  /** What the start comes to: `ready`, or an end. */
  readonly started: Promise<SandboxEvent>;
  private readonly worker: Worker;
  private readonly outputs: readonly Lines[];
  private ending?: SandboxEvent;
  private killed = false;
  private resolve?: (event: SandboxEvent) => void;

  constructor({ memoryMegabytes, environment, onLine, ...setup }: SandboxOptions) {
    this.worker = new Worker(SANDBOX_WORKER_FILE, {
      workerData: setup satisfies SandboxSetup,
      transferList: setup.faultDesk && [setup.faultDesk],
      env: environment,
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: {
        maxOldGenerationSizeMb: Math.round(memoryMegabytes * OLD_GENERATION),
        maxYoungGenerationSizeMb: Math.round(memoryMegabytes * YOUNG_GENERATION),
      },
    });
    this.started = this.next();
    this.worker.on('message', (message: SandboxMessage) => this.settle(message));
    this.outputs = (['stdout', 'stderr'] as const).map((name) => new Lines(this.worker[name], (text) => onLine(name, text)));
    this.worker.on('error', (error: NodeJS.ErrnoException | undefined) => {
      if (error?.code === 'ERR_WORKER_OUT_OF_MEMORY') return this.settle({ kind: 'out-of-memory' });
      // As Node.js writes what nothing has caught, before it ends the process.
      inspect(error).split('\n').forEach((line) => onLine('stderr', line));
      return this.settle({ kind: 'exited', code: 1 });
    });
    this.worker.on('exit', (code) => this.settle(this.killed ? { kind: 'killed' } : { kind: 'exited', code }));
  }

  /** Whether it has ended, and can run nothing any more. */
  get ended(): boolean {
    return this.ending !== undefined;
  }

  /** Runs one invocation, to its end or the end of the sandbox. */
  async run(request: SandboxRequest): Promise<SandboxEvent> {
    const event = this.next();
    this.worker.postMessage(request);
    return event;
  }

  /** Whether the process may end although the sandbox still is there. */
  idle(isIdle: boolean): void {
    if (isIdle) this.worker.unref();
    else this.worker.ref();
  }

  /** Ends it. Resolves when all that it has written is told. */
  async terminate(): Promise<void> {
    await this.worker.terminate();
    await Promise.all(this.outputs.map(async (lines) => lines.ended()));
  }

  /** Ends it as a signal ends a process, whatever it is at. */
  async kill(): Promise<void> {
    this.killed = true;
    await this.terminate();
  }

  private async next(): Promise<SandboxEvent> {
    if (this.ending) return this.ending;
    return new Promise((resolve) => this.resolve = resolve);
  }

  /** An idle sandbox can end too, by what its last invocation left behind: then nobody waits, and only the ending stays. */
  private settle(event: SandboxEvent): void {
    if (!GOES_ON.includes(event.kind)) this.ending ??= event;
    this.outputs.forEach((lines) => lines.flush());
    this.resolve?.(event);
  }
}

/** The event, or `timed-out` where it takes longer. */
export async function within(milliseconds: number, event: Promise<SandboxEvent>): Promise<SandboxEvent> {
  let timer: NodeJS.Timeout;
  const timeUp = new Promise<SandboxEvent>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'timed-out' }), milliseconds);
  });
  return Promise.race([event, timeUp]).finally(() => clearTimeout(timer));
}
