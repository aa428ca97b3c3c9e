import { ChunkReference } from '../../protocol/commit-record';
import { ImportKeys } from '../../protocol/keys';
import { PerStream, perStream } from '../../protocol/streams';
import { BuiltChunk, BuiltStream } from '../chunks/chunk-builder';
import { CommitLog, RecordDraft } from '../log/commit-log';
import { eachStream } from '../ports/in-order';
import { ObjectStore } from '../ports/object-store';
import { World } from '../ports/ports';
import { TimeBudget } from './time-budget';

/** Maximum uploads at the same time. With the chunk being built, they bound the memory of the fetch function. */
const CHUNKS_IN_FLIGHT = 2;

/**
 * Uploads chunks while the next pages are fetched, and commits them strictly in order:
 *
 * ```
 * upload 12 ------>|record 12 ->|
 * upload 13    ------->|        |record 13 ->|        a record waits for its own chunk and for the record before it
 * ```
 *
 * Never deletes anything in doubt: if another attempt's record wins the slot, this attempt's chunk stays, unreferenced.
 */
export class ChunkWriter {
  public readonly writerId: string;
  private readonly onTheWay = new Set<Promise<boolean>>();
  /** Resolves when everything submitted so far has settled: whether all of it is in the log. Never rejects. */
  private settled: Promise<boolean> = Promise.resolve(true);
  private nextIndex: number;
  private failure: { readonly error: unknown } | undefined;
  private displaced = false;

  constructor(
    private readonly store: ObjectStore,
    private readonly keys: ImportKeys,
    private readonly log: CommitLog,
    private readonly world: World,
    private readonly budget: TimeBudget,
    /** Of the chunks' keys. */
    private readonly extension: string,
  ) {
    this.writerId = world.chance.uuid();
    this.nextIndex = log.nextIndex;
  }

  /** Whether another attempt won a slot. Everything this attempt fetched after it is dropped. */
  public get isDisplaced(): boolean {
    return this.displaced;
  }

  /** Whether writing has stopped: displaced or failed. */
  public get isStopped(): boolean {
    return this.displaced || this.failure !== undefined;
  }

  /** Submits a chunk. Resolves when there is room for the next one; `drain` reports the result. */
  public async write(chunk: BuiltChunk): Promise<void> {
    const commit = this.commitInOrder(chunk, this.nextIndex++, this.settled);
    this.settled = commit;
    this.onTheWay.add(commit);
    void commit.then(() => this.onTheWay.delete(commit));
    while (this.onTheWay.size >= CHUNKS_IN_FLIGHT) await Promise.race(this.onTheWay);
  }

  /** Waits for everything submitted. Throws the error that stopped writing. */
  public async drain(): Promise<void> {
    await this.settled;
    if (this.failure !== undefined) throw this.failure.error;
  }

  /** If an upload fails, so do the chunks after it, never those before it. */
  private async commitInOrder(chunk: BuiltChunk, index: number, before: Promise<boolean>): Promise<boolean> {
    const startedAt = this.world.clock.now();
    try {
      const references = await eachStream((name) => this.upload(chunk.streams[name], index));
      if (!await before) return false;
      const won = await this.log.append(this.draft(chunk, references));
      this.displaced = !won;
      return won;
    } catch (error) {
      this.failure ??= { error };
      await before;
      return false;
    } finally {
      this.budget.noteCommit(this.world.clock.now() - startedAt);
    }
  }

  /** Puts the chunk under a key of its own: no other upload has it, so that a late one cannot harm a committed chunk. */
  private async upload(chunk: BuiltStream, index: number): Promise<ChunkReference | null> {
    if (chunk.bytes === 0) return null;
    const key = this.keys.chunk(index, this.world.chance.uuid(), this.extension);
    const receipt = await this.store.write(key, chunk.pieces, chunk.crc32);
    chunk.release();
    return { key, etag: receipt.etag, crc32: receipt.crc32, bytes: receipt.bytes, records: chunk.records };
  }

  private draft(chunk: BuiltChunk, references: PerStream<ChunkReference | null>): RecordDraft {
    return {
      writerId: this.writerId,
      firstPage: chunk.start.pageNumber,
      lastPage: chunk.start.pageNumber + chunk.pages - 1,
      start: chunk.start,
      end: chunk.end,
      streams: perStream((name) => ({ chunk: references[name], ledger: chunk.streams[name].ledger })),
      ...chunk.reports,
      ...chunk.warnings.length === 0 ? {} : { warnings: chunk.warnings },
      ...chunk.guards,
      final: chunk.end === null,
    };
  }
}
