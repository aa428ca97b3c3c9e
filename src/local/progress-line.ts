import { ImportProgress, importProgress } from './import-progress';
import { FunctionLogLine } from './lambda/invocation';
import { ExecutionEvent } from './state-machine/history';

/** Where a progress line goes, standard error usually. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Time between two lines where the output keeps them all, in milliseconds. */
const PLAIN_INTERVAL = 2000;

/** Shows how far an import is: pages, records, records per second, chunks and waits, in one line that is written over. */
export class ProgressLine {
  private readonly startedAt = Date.now();
  private progress: Omit<ImportProgress, 'importId'> = { pages: 0, records: 0, chunks: 0 };
  private waits = 0;
  private shownAt = 0;

  constructor(private readonly output: ProgressOutput) {}

  /** Takes a line of a function's log. */
  public readonly onLine = (line: FunctionLogLine): void => {
    const progress = importProgress(line);
    if (progress !== undefined) this.show(progress);
  };

  /** Takes an event of the execution. */
  public readonly onEvent = ({ type, output, seconds }: ExecutionEvent): void => {
    if (type === 'WaitStarted') this.wait(seconds ?? 0);
    if (type === 'TaskStateExited' && isProgress(output)) this.show(output);
  };

  /** Ends the line. */
  public end(): void {
    this.print();
    if (this.output.isTTY) this.output.write('\n');
  }

  private wait(seconds: number): void {
    this.waits += 1;
    this.print(`, waiting ${seconds} s as the source asks`);
  }

  private show(progress: Omit<ImportProgress, 'importId'>): void {
    this.progress = progress;
    if (this.output.isTTY || Date.now() - this.shownAt > PLAIN_INTERVAL) this.print();
  }

  private print(rest: string = ''): void {
    this.shownAt = Date.now();
    const { pages, records, chunks } = this.progress;
    const perSecond = records / Math.max((this.shownAt - this.startedAt) / 1000, 0.001);
    const text = `${count(pages)} pages, ${count(records)} records, ${count(perSecond)} records/s, ${count(chunks)} chunks, ${this.waits} waits${rest}`;
    this.output.write(this.output.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
  }
}

function isProgress(output: unknown): output is ImportProgress {
  const { pages, records, chunks } = (output ?? {}) as Partial<ImportProgress>;
  return [pages, records, chunks].every((value) => typeof value === 'number');
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
