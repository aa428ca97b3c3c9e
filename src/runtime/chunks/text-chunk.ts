import { Compression } from '../../protocol/choices';
import { Columns, LedgerLine } from '../../protocol/commit-record';
import { Layout } from '../../protocol/output-settings';
import { EMPTY_CRC, encodeCrc32 } from '../bytes/crc32';
import { SegmentPool } from '../bytes/segment-pool';
import { Format } from '../formats/format';
import { ChunkBody, ChunkBytes } from './chunk-body';
import { chunkBodyOf } from './chunk-body-of';
import { ChunkEncoder, EncodedPage } from './chunk-encoder';

/** What the chunks of an import have in common. */
export interface TextStyle {
  readonly format: Format;
  readonly compression: Compression;
  readonly layout: Layout;
  readonly segments: SegmentPool;
  /** Maximum size of a page, in bytes, given the function's memory. */
  readonly pageBytes: number;
}

/** A page as text. */
export interface TextPage extends EncodedPage {
  /** Empty without records. */
  readonly text: string;
}

const NO_BYTES: ChunkBytes = { pieces: [], bytes: 0, crc32: encodeCrc32(EMPTY_CRC), release: () => {} };

/**
 * A chunk of text, with the format's frame: around each chunk that becomes an object by itself, otherwise before the first and after the
 * last record of the import.
 */
export class TextChunk implements ChunkEncoder<TextPage> {
  /** Created with the first bytes: most chunks of one or two empty pages have none. */
  private body: ChunkBody | undefined;
  private records = 0;
  private columns: Columns = {};

  constructor(private readonly style: TextStyle, private readonly recordsBefore: number) {}

  public get bytes(): number {
    return this.body?.bytes ?? 0;
  }

  public add({ text, records, columns }: TextPage): LedgerLine {
    const { format } = this.style;
    if (records > 0) this.write(this.isObjectBegun ? format.separator : format.opening(columns));
    this.records += records;
    this.columns = columns;
    return [records, this.write(text)];
  }

  public async untilRoom(): Promise<void> {
    await this.body?.untilRoom();
  }

  public async end(isLast: boolean): Promise<ChunkBytes> {
    if (this.style.layout === Layout.OBJECT ? isLast : this.records > 0) this.closeObject();
    return await this.body?.end() ?? NO_BYTES;
  }

  /** Whether the object that the chunk is, or is part of, has records so far. */
  private get isObjectBegun(): boolean {
    return this.records + (this.style.layout === Layout.OBJECT ? this.recordsBefore : 0) > 0;
  }

  private closeObject(): void {
    const { format } = this.style;
    if (this.isObjectBegun) this.write(format.closing);
    // Even for empty text: gzip of nothing still has bytes, and a zero-byte file is not valid gzip.
    else this.openBody().write(format.empty(this.columns));
  }

  private write(text: string): number {
    return text === '' ? 0 : this.openBody().write(text);
  }

  private openBody(): ChunkBody {
    return this.body ??= chunkBodyOf(this.style.compression, this.style.segments);
  }
}
