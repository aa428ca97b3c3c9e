import { Columns } from '../../protocol/commit-record';
import { PageContext } from '../../protocol/errors';
import { PageDigest } from '../bytes/page-digest';
import { ChunkEncoding } from './chunk-encoder';
import { TextChunk, TextPage, TextStyle } from './text-chunk';

/** The text formats, compressed or not. */
export class TextEncoding implements ChunkEncoding<TextPage> {
  constructor(private readonly style: TextStyle) {}

  public encode(records: readonly unknown[], page: PageContext, before: Columns): TextPage {
    const { format, pageBytes } = this.style;
    const { text, dropped = '', columns } = format.encode(records, page, before, pageBytes);
    return { records: records.length, text, columns, digest: records.length === 0 ? undefined : PageDigest.ofText(text + dropped) };
  }

  public begin(recordsBefore: number): TextChunk {
    return new TextChunk(this.style, recordsBefore);
  }
}
