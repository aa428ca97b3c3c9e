import { GuardStates, LedgerLine, Reports } from '../../protocol/commit-record';
import { PAGES_PER_CHUNK } from '../../protocol/defaults';
import { Position } from '../../protocol/fetch-contract';
import { ImportWarning } from '../../protocol/import-warning';
import { bytesOfStreams, PerStream, perStream, STREAM_NAMES, StreamName } from '../../protocol/streams';
import { eachStream } from '../ports/in-order';
import { ChunkBytes } from './chunk-body';
import { ChunkEncoder, EncodedPage } from './chunk-encoder';

/** A page that is ready for a chunk. */
export interface BuiltPage {
  readonly encoded: PerStream<EncodedPage>;
  /** Where the page after it is; `null` when the source is done. */
  readonly next: Position | null;
  /** After this page. */
  readonly reports: Reports;
}

/** Pages to commit together. */
export interface BuiltChunk {
  readonly start: Position;
  readonly end: Position | null;
  readonly pages: number;
  readonly streams: PerStream<BuiltStream>;
  readonly reports: Reports;
  readonly guards: GuardStates;
  readonly warnings: readonly ImportWarning[];
}

/** What they have yielded to one stream. */
export interface BuiltStream extends ChunkBytes {
  readonly records: number;
  readonly ledger: readonly LedgerLine[];
}

/** Gathers pages into a chunk, with the content of its commit record. */
export class ChunkBuilder {
  private readonly ledgers = perStream((): LedgerLine[] => []);
  private pages = 0;
  private lastPage: Omit<BuiltPage, 'encoded'> | undefined;

  /** @param start where its first page was fetched from */
  constructor(private readonly encoders: PerStream<ChunkEncoder>, private readonly start: Position) {}

  public isFull(chunkBytes: number): boolean {
    return bytesOfStreams(this.encoders) >= chunkBytes || this.pages >= PAGES_PER_CHUNK;
  }

  /** Resolves when there is room for the next page. */
  public async add({ encoded, ...page }: BuiltPage): Promise<void> {
    for (const name of STREAM_NAMES) this.ledgers[name].push(this.encoders[name].add(encoded[name]));
    this.pages += 1;
    this.lastPage = page;
    for (const name of STREAM_NAMES) await this.encoders[name].untilRoom();
  }

  /**
   * The chunk. It must have at least one page.
   *
   * @param guards their state after its last page
   * @param warnings raised by its pages
   */
  public async build(guards: GuardStates, warnings: readonly ImportWarning[] = []): Promise<BuiltChunk> {
    const { start, pages, lastPage } = this;
    if (lastPage === undefined) throw new Error('A chunk has at least one page.');
    const { next: end, reports } = lastPage;
    const streams = await eachStream((name) => this.buildStream(name, end === null));
    return { start, end, pages, streams, reports, guards, warnings };
  }

  private async buildStream(name: StreamName, isLast: boolean): Promise<BuiltStream> {
    const ledger = this.ledgers[name];
    const records = ledger.reduce((sum, [recordsOfPage]) => sum + recordsOfPage, 0);
    return { ...await this.encoders[name].end(isLast), records, ledger };
  }
}
