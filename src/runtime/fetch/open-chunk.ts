import { addTotals, GuardStates, StreamTotals } from '../../protocol/commit-record';
import { CHUNK_BYTES, CHUNK_SHARE_OF_IMPORT } from '../../protocol/defaults';
import { Position } from '../../protocol/fetch-contract';
import { ImportWarning } from '../../protocol/import-warning';
import { bytesOfStreams, PerStream, perStream } from '../../protocol/streams';
import { BuiltPage, ChunkBuilder } from '../chunks/chunk-builder';
import { ChunkEncoding } from '../chunks/chunk-encoder';
import { Clock } from '../ports/ports';
import { ChunkWriter } from './chunk-writer';
import { TimeBudget } from './time-budget';

/** When a chunk is committed. */
export interface ChunkSettings {
  /** Bytes at which a chunk of a small import is committed. */
  readonly chunkBytes: number;
  /**
   * Bytes up to which they grow with the import: see CHUNK_SHARE_OF_IMPORT.
   * @default - chunks do not grow
   */
  readonly maxChunkBytes?: number;
  /** Maximum time between two commits, in milliseconds. */
  readonly checkpointMilliseconds: number;
}

/** What building chunks needs. */
export interface OpenChunkTools {
  readonly encodings: PerStream<ChunkEncoding>;
  readonly settings: ChunkSettings;
  readonly writer: ChunkWriter;
  readonly budget: TimeBudget;
  readonly clock: Clock;
  /** The guards' current state. */
  guardStates(): GuardStates;
}

/** Where the log ends when the run begins. */
export interface LogEnd {
  readonly end: Position | null;
  readonly streamTotals: PerStream<StreamTotals>;
}

/** A page for the open chunk. */
export interface PageForChunk extends BuiltPage {
  /** Raised by the page. */
  readonly warnings: readonly ImportWarning[];
}

/** The pages that are fetched but not committed, and when the next commit is due. */
export class OpenChunk {
  /** `undefined` before the first page. */
  private chunk: ChunkBuilder | undefined;
  private warnings: readonly ImportWarning[] = [];
  private openedAt: number;
  /** Of the import, without the open chunk. */
  private totals: PerStream<StreamTotals>;
  private next: Position | null;

  constructor(private readonly tools: OpenChunkTools, { end, streamTotals }: LogEnd) {
    this.openedAt = tools.clock.now();
    this.next = end;
    this.totals = streamTotals;
  }

  /** Adds a page, and commits if due. */
  public async add({ warnings, ...page }: PageForChunk): Promise<void> {
    this.chunk ??= this.newChunk();
    this.warnings = [...this.warnings, ...warnings];
    this.next = page.next;
    await this.chunk.add(page);
    if (page.next === null || this.chunk.isFull(this.chunkBytes) || this.untilCheckpoint() <= 0) await this.commit();
  }

  /** Waits for a page. Commits meanwhile if due: a slow page must not delay the checkpoint of the pages before it. */
  public async during<Result>(waiting: Promise<Result>): Promise<Result> {
    if (this.chunk !== undefined && await outlasts(waiting, this.untilCheckpoint(), this.tools.clock)) await this.commit();
    return waiting;
  }

  /** Commits the open chunk, unless writing has stopped. */
  public async commit(): Promise<void> {
    const { chunk, warnings, tools: { writer, clock } } = this;
    if (chunk === undefined || writer.isStopped) return;
    this.chunk = undefined;
    this.warnings = [];
    this.openedAt = clock.now();
    const built = await chunk.build(this.tools.guardStates(), warnings);
    this.totals = perStream((name) => addTotals(this.totals[name], built.streams[name]));
    await writer.write(built);
  }

  private newChunk(): ChunkBuilder {
    if (this.next === null) throw new Error('There is no page after the last one.');
    return new ChunkBuilder(perStream((name) => this.tools.encodings[name].begin(this.totals[name].records)), this.next);
  }

  /** Chunks grow with the import, as far as memory allows it: S3 puts few large ones together sooner than many small ones. */
  private get chunkBytes(): number {
    const { chunkBytes, maxChunkBytes = chunkBytes } = this.tools.settings;
    return Math.max(chunkBytes, Math.min(bytesOfStreams(this.totals) * CHUNK_SHARE_OF_IMPORT, maxChunkBytes));
  }

  /** Commits a large chunk early in a short invocation, which might not have the time to upload it at its end. */
  private untilCheckpoint(): number {
    const { settings: { checkpointMilliseconds }, budget, clock } = this.tools;
    const isLarge = this.chunk?.isFull(CHUNK_BYTES) ?? false;
    const interval = isLarge ? Math.min(checkpointMilliseconds, budget.longestUnmeasured) : checkpointMilliseconds;
    return this.openedAt + interval - clock.now();
  }
}

/** Whether a promise is still pending after so many milliseconds. */
function outlasts(settling: Promise<unknown>, milliseconds: number, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const callOff = clock.after(milliseconds, () => resolve(true));
    const settle = (): void => {
      callOff();
      resolve(false);
    };
    settling.then(settle, settle);
  });
}
