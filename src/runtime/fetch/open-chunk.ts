import { GuardStates, Totals } from '../../protocol/commit-record';
import { CHUNK_BYTES, CHUNK_SHARE_OF_IMPORT } from '../../protocol/defaults';
import { Position } from '../../protocol/fetch-contract';
import { ImportWarning } from '../../protocol/import-warning';
import { BuiltPage, ChunkBuilder, ChunkStyle } from '../chunks/chunk-builder';
import { Clock } from '../ports/ports';
import { ChunkWriter } from './chunk-writer';
import { TimeBudget } from './time-budget';

/** When a chunk is committed. */
export interface ChunkSettings {
  /** Bytes at which a chunk of a small import is committed. */
  readonly chunkBytes: number;
  /**
   * Bytes up to which they grow with the import: see CHUNK_SHARE_OF_IMPORT.
   * @default - they do not grow
   */
  readonly mostChunkBytes?: number;
  /** Longest time between two commits, in milliseconds. */
  readonly checkpointMilliseconds: number;
}

/** What chunks are made with. */
export interface OpenChunkTools {
  readonly style: ChunkStyle;
  readonly settings: ChunkSettings;
  readonly writer: ChunkWriter;
  readonly budget: TimeBudget;
  readonly clock: Clock;
  /** What the guards remember now. */
  guardStates(): GuardStates;
}

/** Where the log ends when the first chunk is opened. */
export interface LogEnd {
  readonly end: Position | null;
  readonly totals: Totals;
}

/** A page as it comes into the chunk. */
export interface PageForChunk extends BuiltPage {
  /** What was noticed in it. */
  readonly warnings: readonly ImportWarning[];
}

/** Pages that are fetched and not committed yet, one chunk after the other, and when the next commit is due. */
export class OpenChunk {
  /** Before the first page nothing is open. */
  private chunk: ChunkBuilder | undefined;
  private warnings: readonly ImportWarning[] = [];
  private openedAt: number;
  /** Of the import, the open chunk included. */
  private records: number;
  /** Of the import, the open chunk left out. */
  private bytes: number;
  private next: Position | null;

  constructor(private readonly tools: OpenChunkTools, { end, totals }: LogEnd) {
    this.openedAt = tools.clock.now();
    this.next = end;
    this.records = totals.records;
    this.bytes = totals.bytes;
  }

  /** Takes a page in, and commits where that is due. */
  public async add({ warnings, ...page }: PageForChunk): Promise<void> {
    this.chunk ??= this.newChunk();
    this.warnings = [...this.warnings, ...warnings];
    this.records += page.records;
    this.next = page.next;
    await this.chunk.add(page);
    if (page.next === null || this.chunk.isFull(this.chunkBytes) || this.untilCheckpoint() <= 0) await this.commit();
  }

  /** Waits for a page, or for its time: a slow one must not keep the pages before it from their checkpoint. */
  public async during<Result>(waiting: Promise<Result>): Promise<Result> {
    if (this.chunk !== undefined && await outlasts(waiting, this.untilCheckpoint(), this.tools.clock)) await this.commit();
    return waiting;
  }

  /** Commits what there is, unless nothing can be written any more. */
  public async commit(): Promise<void> {
    const { chunk, warnings, tools: { writer, clock } } = this;
    if (chunk === undefined || writer.isStopped) return;
    this.chunk = undefined;
    this.warnings = [];
    this.openedAt = clock.now();
    const built = await chunk.build(this.tools.guardStates(), warnings);
    this.bytes += built.bytes;
    await writer.write(built);
  }

  private newChunk(): ChunkBuilder {
    if (this.next === null) throw new Error('There is no page after the last one.');
    return new ChunkBuilder(this.tools.style, { position: this.next, records: this.records });
  }

  /** Chunks grow with the import, as far as memory allows it: S3 puts few large ones together sooner than many small ones. */
  private get chunkBytes(): number {
    const { chunkBytes, mostChunkBytes = chunkBytes } = this.tools.settings;
    return Math.max(chunkBytes, Math.min(this.bytes * CHUNK_SHARE_OF_IMPORT, mostChunkBytes));
  }

  /** A chunk that is large already is not left to the end of a short invocation, which could not upload it any more. */
  private untilCheckpoint(): number {
    const { settings: { checkpointMilliseconds }, budget, clock } = this.tools;
    const isLarge = this.chunk?.isFull(CHUNK_BYTES) ?? false;
    const interval = isLarge ? Math.min(checkpointMilliseconds, budget.longestUnmeasured) : checkpointMilliseconds;
    return this.openedAt + interval - clock.now();
  }
}

/** Whether something is not settled after so many milliseconds. */
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
