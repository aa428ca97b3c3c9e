import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';
import { SANDBOX_WORKER_FILE } from '../sandbox-worker-file';
import { Lines } from './lines';
import { SandboxMessage, SandboxRequest, SandboxSetup } from './sandbox-messages';

/** The result of starting a sandbox or of running an invocation in it. */
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

/** The shares of a function's memory for V8's old generation and the three semi-spaces of the young one, as in Lambda's runtime. */
const OLD_GENERATION = 0.9;
const YOUNG_GENERATION = 3 * 0.05;

/** After these, the sandbox is still usable. */
const GOES_ON: readonly SandboxEvent['kind'][] = ['ready', 'response', 'failed'];

/**
 * A thread that runs one function's code, one invocation at a time.
 *
 * The memory limit covers V8's heap only. Unlike on Lambda, `Buffer`s and other memory outside it do not count. Working directory, file
 * system and CPU are this process's own.
 */
export class Sandbox {
  /** The result of the start: `ready`, or an end. */
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
      // As Node.js prints an uncaught error before it ends the process.
      inspect(error).split('\n').forEach((line) => onLine('stderr', line));
      return this.settle({ kind: 'exited', code: 1 });
    });
    this.worker.on('exit', (code) => this.settle(this.killed ? { kind: 'killed' } : { kind: 'exited', code }));
  }

  /** Whether it has ended and cannot run anything. */
  get ended(): boolean {
    return this.ending !== undefined;
  }

  /** Runs one invocation until it or the sandbox ends. */
  async run(request: SandboxRequest): Promise<SandboxEvent> {
    const event = this.next();
    this.worker.postMessage(request);
    return event;
  }

  /** Whether the process may end while the sandbox still exists. */
  idle(isIdle: boolean): void {
    if (isIdle) this.worker.unref();
    else this.worker.ref();
  }

  /** Ends it. Resolves when all its output has been passed on. */
  async terminate(): Promise<void> {
    await this.worker.terminate();
    await Promise.all(this.outputs.map(async (lines) => lines.ended()));
  }

  /** Ends it like a signal kills a process, whatever it is doing. */
  async kill(): Promise<void> {
    this.killed = true;
    await this.terminate();
  }

  private async next(): Promise<SandboxEvent> {
    if (this.ending) return this.ending;
    return new Promise((resolve) => this.resolve = resolve);
  }

  /**
   * An idle sandbox can end too, because of something its last invocation left behind. Nothing waits for it then; only the ending is kept.
   */
  private settle(event: SandboxEvent): void {
    if (!GOES_ON.includes(event.kind)) this.ending ??= event;
    this.outputs.forEach((lines) => lines.flush());
    this.resolve?.(event);
  }
}

/** The event, or `timed-out` if it takes longer. */
export async function within(milliseconds: number, event: Promise<SandboxEvent>): Promise<SandboxEvent> {
  let timer: NodeJS.Timeout;
  const timeUp = new Promise<SandboxEvent>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'timed-out' }), milliseconds);
  });
  return Promise.race([event, timeUp]).finally(() => clearTimeout(timer));
}
