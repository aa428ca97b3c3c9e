import { CHUNK_BYTES } from '../../protocol/defaults';
import { sha256 } from './digest';

/** Longest text to keep, in characters. A longer one fills a chunk by itself, and would stay in memory after that chunk is gone. */
const MAX_TEXT = CHUNK_BYTES;

/** Identifies the content of a page. */
export class PageDigest {
  /**
   * Of a page's text. Its SHA-256 is computed only when needed: comparing two different texts takes no time, but hashing every page would
   * take a third of the time of encoding it.
   */
  public static ofText(text: string): PageDigest {
    return text.length > MAX_TEXT ? PageDigest.ofSha256(sha256(text)) : new PageDigest(text, undefined);
  }

  /** @param digest hexadecimal */
  public static ofSha256(digest: string): PageDigest {
    return new PageDigest(undefined, digest);
  }

  private constructor(private readonly text: string | undefined, private digest: string | undefined) {}

  /** SHA-256 of the content, hexadecimal. */
  public get sha256(): string {
    return this.digest ??= sha256(this.text!);
  }

  public equals(other: PageDigest): boolean {
    if (this.text !== undefined && other.text !== undefined) return this.text === other.text;
    return this.sha256 === other.sha256;
  }
}
