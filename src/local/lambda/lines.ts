import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';

/** The lines of a stream of text. */
export class Lines {
  private rest = '';

  /** @param onLine receives each line as soon as it is complete */
  constructor(private readonly stream: Readable, private readonly onLine: (text: string) => void) {
    stream.setEncoding('utf8').on('data', (text: string) => this.add(text));
  }

  /** Ends the current line, if there is one. */
  flush(): void {
    if (this.rest !== '') this.onLine(this.rest);
    this.rest = '';
  }

  /** Resolves when the stream has ended and `onLine` has received all lines. */
  async ended(): Promise<void> {
    await finished(this.stream).catch(() => {}); // the caller knows that it cut the stream
    this.flush();
  }

  private add(text: string): void {
    const lines = (this.rest + text).split(/\r?\n/);
    this.rest = lines.pop()!;
    lines.forEach((line) => this.onLine(line));
  }
}
