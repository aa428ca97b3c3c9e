import { PageContext, PageTooLargeError } from '../../protocol/errors';

/** Maximum UTF-8 bytes per unit of a string's length. */
const BYTES_PER_CHARACTER = 3;

/** Builds the text of a page, and refuses one that exceeds the limit. */
export class PageText {
  private text = '';

  constructor(private readonly page: PageContext, private readonly limitBytes: number) {}

  public add(text: string): void {
    this.text += text;
    // Each character is at least one byte. Stop now, before the text uses up memory or V8's maximum string length.
    if (this.text.length > this.limitBytes) this.refuse(this.text.length);
  }

  /** Returns the whole text. */
  public end(): string {
    // Count bytes only if there may be too many.
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
