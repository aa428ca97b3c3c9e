import { ImportProgress } from '../protocol/import-progress';
import { counted } from './counted';
import { importProgress } from './import-progress';
import { FunctionLogLine } from './lambda/invocation';
import { ExecutionEvent } from './state-machine/history';

/** Where to write the progress line, usually standard error. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Moves to the start of the line and erases it. */
const ERASED = '\r\x1b[K';

/** Interval of lines if the output is not a terminal, in milliseconds. */
const PLAIN_INTERVAL = 2000;

/** Shows the progress of an import in one line that is overwritten: pages, records, records per second, chunks and waits. */
export class ProgressLine {
  private readonly startedAt = Date.now();
  private progress?: ImportProgress;
  private printed?: ImportProgress;
  private waits = 0;
  private shownAt = 0;

  constructor(private readonly output: ProgressOutput) {}

  /** Receives a line of a function's log. */
  public readonly onLine = (line: FunctionLogLine): void => {
    const progress = importProgress(line);
    if (progress !== undefined) this.show(progress);
  };

  /** Receives an event of the execution. */
  public readonly onEvent = ({ type, output, seconds }: ExecutionEvent): void => {
    if (type === 'WaitStarted') this.wait(seconds ?? 0);
    if (type === 'TaskStateExited' && isProgress(output)) this.show(output);
  };

  /** Writes another line, above the progress. */
  public log(text: string): void {
    if (!this.output.isTTY) return void this.output.write(`${text}\n`);
    this.output.write(`${ERASED}${text}\n`);
    this.print();
  }

  /** The last progress of the import; `undefined` before it has begun. */
  public get reached(): ImportProgress | undefined {
    return this.progress;
  }

  /** Ends the line. */
  public end(): void {
    if (this.output.isTTY || this.progress !== this.printed) this.print();
    if (this.output.isTTY) this.output.write('\n');
  }

  private wait(seconds: number): void {
    this.waits += 1;
    this.print(`, waiting ${seconds} s as the source asks`);
  }

  private show(progress: ImportProgress): void {
    this.progress = progress;
    if (this.output.isTTY || Date.now() - this.shownAt > PLAIN_INTERVAL) this.print();
  }

  private print(rest: string = ''): void {
    this.shownAt = Date.now();
    this.printed = this.progress;
    const { pages = 0, records = 0, chunks = 0 } = this.progress ?? {};
    const perSecond = records / Math.max((this.shownAt - this.startedAt) / 1000, 0.001);
    const speed = `${counted(perSecond, 'record')}/s`;
    const text = [counted(pages, 'page'), counted(records, 'record'), speed, counted(chunks, 'chunk'), counted(this.waits, 'wait')].join(', ') + rest;
    this.output.write(this.output.isTTY ? `${ERASED}${text}` : `${text}\n`);
  }
}

function isProgress(output: unknown): output is ImportProgress {
  const { pages, records, chunks } = (output ?? {}) as Partial<ImportProgress>;
  return [pages, records, chunks].every((value) => typeof value === 'number');
}

