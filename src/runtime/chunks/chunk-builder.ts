import { Compression } from '../../protocol/choices';
import { GuardStates, LedgerLine, Reports } from '../../protocol/commit-record';
import { PAGES_PER_CHUNK } from '../../protocol/defaults';
import { Position } from '../../protocol/fetch-contract';
import { ImportWarning } from '../../protocol/import-warning';
import { Layout } from '../../protocol/output-settings';
import { EMPTY_CRC, encodeCrc32 } from '../bytes/crc32';
import { SegmentPool } from '../bytes/segment-pool';
import { Format } from '../formats/format';
import { ChunkBody, ChunkBytes } from './chunk-body';
import { chunkBodyOf } from './chunk-body-of';

/** A page that is ready to be put into a chunk. */
export interface BuiltPage {
  readonly text: string;
  readonly records: number;
  /** Where the page after it is; `null` when the source is done. */
  readonly next: Position | null;
  /** As they are after this page. */
  readonly reports: Reports;
}

/** Pages that are to be committed together. */
export interface BuiltChunk extends ChunkBytes {
  readonly start: Position;
  readonly end: Position | null;
  readonly records: number;
  readonly ledger: readonly LedgerLine[];
  readonly reports: Reports;
  readonly guards: GuardStates;
  readonly warnings: readonly ImportWarning[];
}

/** What an import's chunks have in common. */
export interface ChunkStyle {
  readonly format: Format;
  readonly compression: Compression;
  readonly layout: Layout;
  readonly segments: SegmentPool;
}

/** What stands before a chunk. */
export interface ChunkStart {
  /** Where its first page is fetched from. */
  readonly position: Position;
  /** Records of the import before it. */
  readonly records: number;
}

const NO_BYTES: ChunkBytes = { pieces: [], bytes: 0, crc32: encodeCrc32(EMPTY_CRC), release: () => {} };

/**
 * Gathers pages into a chunk, with what the format wants around them: in each chunk where it becomes an object by itself, else before the
 * first and after the last record of the import.
 */
export class ChunkBuilder {
  private readonly ledger: LedgerLine[] = [];
  /** Not before there is something to write: most chunks of an empty page or two have none. */
  private body: ChunkBody | undefined;
  private records = 0;
  /** Without its text, which may be large. */
  private lastPage: Omit<BuiltPage, 'text'> | undefined;

  constructor(private readonly style: ChunkStyle, private readonly start: ChunkStart) {}

  public get isEmpty(): boolean {
    return this.lastPage === undefined;
  }

  public isFull(chunkBytes: number): boolean {
    return (this.body?.bytes ?? 0) >= chunkBytes || this.ledger.length >= PAGES_PER_CHUNK;
  }

  /** Resolves when there is room for the next page. */
  public async add({ text, ...page }: BuiltPage): Promise<void> {
    if (page.records > 0) this.write(this.isObjectBegun ? this.style.format.separator : this.style.format.opening(page.reports));
    this.ledger.push([page.records, this.write(text)]);
    this.records += page.records;
    this.lastPage = page;
    await this.body?.untilRoom();
  }

  /**
   * The chunk. There must be a page in it.
   *
   * @param guards what they remember after its last page
   * @param warnings what was noticed in its pages
   */
  public async build(guards: GuardStates, warnings: readonly ImportWarning[] = []): Promise<BuiltChunk> {
    const { start, records, ledger, lastPage } = this;
    if (lastPage === undefined) throw new Error('A chunk has at least one page.');
    if (this.isEndOfObject(lastPage)) this.closeObject(lastPage);
    const bytes = await this.body?.end() ?? NO_BYTES;
    const { next: end, reports } = lastPage;
    return { ...bytes, start: start.position, end, records, ledger, reports, guards, warnings };
  }

  /** Whether there are records in the object that the chunk is, or is a piece of. */
  private get isObjectBegun(): boolean {
    return this.records + (this.style.layout === Layout.OBJECT ? this.start.records : 0) > 0;
  }

  private isEndOfObject({ next }: Pick<BuiltPage, 'next'>): boolean {
    return this.style.layout === Layout.OBJECT ? next === null : this.records > 0;
  }

  private closeObject({ reports }: Pick<BuiltPage, 'reports'>): void {
    const { format } = this.style;
    if (this.isObjectBegun) this.write(format.closing);
    // Also where that is no text: nothing, compressed, is something, and no bytes at all would be no gzip file.
    else this.begunBody().write(format.empty(reports));
  }

  private write(text: string): number {
    return text === '' ? 0 : this.begunBody().write(text);
  }

  private begunBody(): ChunkBody {
    return this.body ??= chunkBodyOf(this.style.compression, this.style.segments);
  }
}
