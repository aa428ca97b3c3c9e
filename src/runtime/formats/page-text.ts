import { PageContext, PageTooLargeError } from '../../protocol/errors';

/** Most bytes of UTF-8 that a unit of a string's length becomes. */
const BYTES_PER_CHARACTER = 3;

/** Puts the text of a page together, and refuses one of more bytes than the limit. */
export class PageText {
  private text = '';

  constructor(private readonly page: PageContext, private readonly limitBytes: number) {}

  public add(text: string): void {
    this.text += text;
    // Characters are bytes at least: what is too long already must not grow until memory, or the longest string, is used up.
    if (this.text.length > this.limitBytes) this.refuse(this.text.length);
  }

  /** All of it. */
  public end(): string {
    // Counting the bytes is left out where they cannot be too many.
    if (this.text.length * BYTES_PER_CHARACTER > this.limitBytes) {
      const bytes = Buffer.byteLength(this.text);
      if (bytes > this.limitBytes) this.refuse(bytes);
    }
    return this.text;
  }

  private refuse(bytes: number): never {
    throw new PageTooLargeError(this.page, bytes, this.limitBytes);
  }
}
