import { ChunkReference } from '../../protocol/commit-record';
import { ImportKeys } from '../../protocol/keys';
import { BuiltChunk } from '../chunks/chunk-builder';
import { CommitLog, RecordDraft } from '../log/commit-log';
import { ObjectStore } from '../ports/object-store';
import { World } from '../ports/ports';
import { TimeBudget } from './time-budget';

/** Chunks on their way at the same time. With the one that is being built, they bound the memory of the fetch function. */
const CHUNKS_IN_FLIGHT = 2;

/**
 * Uploads chunks while the next pages are fetched, and commits them strictly in order:
 *
 * ```
 * upload 12 ------>|record 12 ->|
 * upload 13    ------->|        |record 13 ->|        a record waits for its own chunk and for the record before it
 * ```
 *
 * Nothing is ever deleted on doubt: a chunk whose record another attempt's has displaced stays where it is, unreferenced.
 */
export class ChunkWriter {
  public readonly writerId: string;
  private readonly onTheWay = new Set<Promise<boolean>>();
  /** Ends when everything handed in so far is settled, with whether all of it is in the log. Never rejects. */
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

  /** Whether another attempt has won a slot: what this one fetched after it counts for nothing. */
  public get isDisplaced(): boolean {
    return this.displaced;
  }

  /** Whether nothing more can be written: displaced, or failed. */
  public get isStopped(): boolean {
    return this.displaced || this.failure !== undefined;
  }

  /** Hands a chunk in. Resolves as soon as there is room for the next one; how it ends shows in `drain`. */
  public async write(chunk: BuiltChunk): Promise<void> {
    const commit = this.commitInOrder(chunk, this.nextIndex++, this.settled);
    this.settled = commit;
    this.onTheWay.add(commit);
    void commit.then(() => this.onTheWay.delete(commit));
    while (this.onTheWay.size >= CHUNKS_IN_FLIGHT) await Promise.race(this.onTheWay);
  }

  /** Waits for everything that was handed in. Throws what stopped it. */
  public async drain(): Promise<void> {
    await this.settled;
    if (this.failure !== undefined) throw this.failure.error;
  }

  /** A chunk that failed to upload takes those after it along, never those before it. */
  private async commitInOrder(chunk: BuiltChunk, index: number, before: Promise<boolean>): Promise<boolean> {
    const startedAt = this.world.clock.now();
    try {
      const reference = await this.upload(chunk, index);
      if (!await before) return false;
      const won = await this.log.append(this.draft(chunk, reference));
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
  private async upload(chunk: BuiltChunk, index: number): Promise<ChunkReference | null> {
    if (chunk.bytes === 0) return null;
    const key = this.keys.chunk(index, this.world.chance.uuid(), this.extension);
    const receipt = await this.store.write(key, chunk.pieces, chunk.crc32);
    chunk.release();
    return { key, etag: receipt.etag, crc32: receipt.crc32, bytes: receipt.bytes, records: chunk.records };
  }

  private draft(chunk: BuiltChunk, reference: ChunkReference | null): RecordDraft {
    return {
      writerId: this.writerId,
      chunk: reference,
      firstPage: chunk.start.pageNumber,
      lastPage: chunk.start.pageNumber + chunk.ledger.length - 1,
      start: chunk.start,
      end: chunk.end,
      ledger: chunk.ledger,
      ...chunk.reports,
      ...chunk.warnings.length === 0 ? {} : { warnings: chunk.warnings },
      ...chunk.guards,
      final: chunk.end === null,
    };
  }
}
