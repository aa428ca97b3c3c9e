import { LedgerLine, LoopGuardState } from '../../protocol/commit-record';
import { PAGES_PER_CHUNK } from '../../protocol/defaults';
import { Position } from '../../protocol/fetch-contract';
import { crc32, EMPTY_CRC32 } from './crc32';

/** A page that is ready to be put into a chunk. */
export interface BuiltPage {
  readonly bytes: Uint8Array;
  readonly records: number;
  /** Where the page after it is; `null` when the source is done. */
  readonly next: Position | null;
  readonly total: number | undefined;
  /** The loop guard after this page. */
  readonly loopGuard: LoopGuardState;
}

/** Pages that are to be committed together. */
export interface BuiltChunk {
  readonly start: Position;
  readonly end: Position | null;
  /** The bytes, in order; they are never joined, since a request can send them as they are. */
  readonly pieces: readonly Uint8Array[];
  readonly bytes: number;
  readonly records: number;
  readonly crc32: number;
  readonly ledger: readonly LedgerLine[];
  readonly sourceTotal: number | undefined;
  readonly loopGuard: LoopGuardState;
}

/** Gathers pages into a chunk. */
export class ChunkBuilder {
  private readonly pieces: Uint8Array[] = [];
  private readonly ledger: LedgerLine[] = [];
  private bytes = 0;
  private records = 0;
  private crc32 = EMPTY_CRC32;
  private lastPage: BuiltPage | undefined;

  /**
   * @param start where its first page is fetched from
   * @param openedAt when the chunk before it was closed, milliseconds since the epoch
   */
  constructor(private readonly start: Position, public readonly openedAt: number) {}

  public get isEmpty(): boolean {
    return this.lastPage === undefined;
  }

  public isFull(chunkBytes: number): boolean {
    return this.bytes >= chunkBytes || this.ledger.length >= PAGES_PER_CHUNK;
  }

  public add(page: BuiltPage): void {
    if (page.bytes.byteLength > 0) this.pieces.push(page.bytes);
    this.ledger.push([page.records, page.bytes.byteLength]);
    this.bytes += page.bytes.byteLength;
    this.records += page.records;
    this.crc32 = crc32(page.bytes, this.crc32);
    this.lastPage = page;
  }

  /** The chunk. There must be a page in it. */
  public build(): BuiltChunk {
    const { start, pieces, bytes, records, ledger, lastPage } = this;
    if (lastPage === undefined) throw new Error('A chunk has at least one page.');
    return {
      start, end: lastPage.next, pieces, bytes, records, crc32: this.crc32, ledger,
      sourceTotal: lastPage.total, loopGuard: lastPage.loopGuard,
    };
  }
}
