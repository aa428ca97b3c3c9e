import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';

/** The lines of a stream of text. */
export class Lines {
  private rest = '';

  /** @param onLine is told each line as soon as it is whole */
  constructor(private readonly stream: Readable, private readonly onLine: (text: string) => void) {
    stream.setEncoding('utf8').on('data', (text: string) => this.add(text));
  }

  /** Takes what has come since the last line feed for a line, if anything has. */
  flush(): void {
    if (this.rest !== '') this.onLine(this.rest);
    this.rest = '';
  }

  /** Resolves when the stream has ended and all its lines are told. */
  async ended(): Promise<void> {
    await finished(this.stream).catch(() => {}); // whoever has cut the stream knows
    this.flush();
  }

  private add(text: string): void {
    const lines = (this.rest + text).split(/\r?\n/);
    this.rest = lines.pop()!;
    lines.forEach((line) => this.onLine(line));
  }
}
