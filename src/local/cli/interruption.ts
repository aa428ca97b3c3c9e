import { ExitCode } from './exit-code';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Signal = typeof SIGNALS[number];

/** Listens for the signals that end the command. The first one ends the import, the second one the process. */
export class Interruption implements Disposable {
  private readonly controller = new AbortController();
  private received: Signal | undefined;

  constructor() {
    SIGNALS.forEach((signal) => process.on(signal, this.onSignal));
  }

  /** Aborted by the first signal. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The exit code; `undefined` until there is a signal. */
  get exitCode(): ExitCode | undefined {
    return this.received && ExitCode[this.received];
  }

  [Symbol.dispose](): void {
    SIGNALS.forEach((signal) => process.off(signal, this.onSignal));
  }

  private readonly onSignal = (signal: Signal): void => {
    if (this.received !== undefined) process.exit(ExitCode[signal]);
    this.received = signal;
    this.controller.abort();
  };
}
