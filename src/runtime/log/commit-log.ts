import { CommitRecord, decodeCommitRecord, LoopGuardState, NEW_LOOP_GUARD, NO_TOTALS, Reports, reportsOf, Totals } from '../../protocol/commit-record';
import { CountGuardState, NEW_COUNT_GUARD } from '../../protocol/count-guard-state';
import { RECORDS_READ_ONE_BY_ONE } from '../../protocol/defaults';
import { CommitLogError } from '../../protocol/errors';
import { FIRST_POSITION, Position } from '../../protocol/fetch-contract';
import { encodeFile, FORMAT_VERSION } from '../../protocol/file-format';
import { ImportKeys } from '../../protocol/keys';
import { LogFailure } from '../../protocol/log-failure';
import { ObjectStore } from '../ports/object-store';
import { World } from '../ports/ports';
import { verifyFirst, verifyLink } from './log-chain';
import { writeOnce } from './write-once';

/** A record before it has its place in the log. */
export type RecordDraft = Omit<CommitRecord, 'formatVersion' | 'importId' | 'index' | 'previousWriterId' | 'totals'>;

/**
 * One attempt's view of the commit log, from the end that it knows. The log in the store is the only authority: whatever another
 * attempt has put there is adopted.
 */
export class CommitLog {
  /** The last record known; `undefined` while the log is empty. */
  private last: CommitRecord | undefined;

  constructor(
    private readonly store: ObjectStore,
    private readonly keys: ImportKeys,
    private readonly importId: string,
    private readonly world: World,
  ) {}

  /**
   * Reads the log from the pointer on, to its end.
   *
   * @param pointer records that were there when the pointer was written: one of them missing is an error, never the end
   */
  public async open(pointer: number): Promise<void> {
    if (pointer > 0) {
      const record = await this.readRecord(pointer - 1);
      if (record === undefined) throw new CommitLogError(this.importId, `commit record ${pointer - 1} is missing, below the pointer ${pointer}`);
      this.last = record;
    }
    await this.readForward();
  }

  /** Adopts what other attempts have committed meanwhile. Resolves with whether there is any. */
  public async refresh(): Promise<boolean> {
    const before = this.nextIndex;
    await this.readForward();
    return this.nextIndex > before;
  }

  /** Place of the next record. */
  public get nextIndex(): number {
    return this.last === undefined ? 0 : this.last.index + 1;
  }

  /** Where the next page is; `null` when the source is done. */
  public get end(): Position | null {
    return this.last === undefined ? FIRST_POSITION : this.last.end;
  }

  public get isFinal(): boolean {
    return this.last?.final ?? false;
  }

  public get totals(): Totals {
    return this.last?.totals ?? NO_TOTALS;
  }

  public get loopGuard(): LoopGuardState {
    return this.last?.loopGuard ?? NEW_LOOP_GUARD;
  }

  public get countGuard(): CountGuardState {
    return this.last?.countGuard ?? NEW_COUNT_GUARD;
  }

  /** Why the log was closed; `undefined` while it is open. */
  public get failure(): LogFailure | undefined {
    return this.last?.failure;
  }

  /** What the pages in it have reported. */
  public get reports(): Reports {
    return reportsOf(this.last ?? {});
  }

  /**
   * Puts a record into the next slot.
   *
   * @returns whether it is there. If another attempt's is, that one and all that follow it have been adopted, and the draft's
   * chain must be dropped.
   */
  public async append(draft: RecordDraft): Promise<boolean> {
    const record = this.place(draft);
    const key = this.keys.commit(record.index);
    const settled = decodeCommitRecord(key, await writeOnce(this.store, key, encodeFile(record), this.world));
    this.adopt(settled);
    if (settled.writerId === record.writerId) return true;
    await this.readForward();
    return false;
  }

  /**
   * Closes the log: pages in it are wrong, and nothing may be published of it.
   *
   * @returns whether it is closed by this attempt. If another attempt's record is in the slot, that one and all that follow it have been
   * adopted
   */
  public async close(writerId: string, failure: LogFailure): Promise<boolean> {
    const { end } = this;
    if (end === null) throw new CommitLogError(this.importId, 'it was to be closed after its final record');
    return this.append({
      writerId, chunk: null, firstPage: end.pageNumber, lastPage: end.pageNumber - 1, start: end, end, ledger: [],
      ...this.reports,
      loopGuard: this.loopGuard,
      countGuard: this.countGuard,
      failure, final: false,
    });
  }

  private place(draft: RecordDraft): CommitRecord {
    const { pages, records, bytes } = this.totals;
    return {
      formatVersion: FORMAT_VERSION,
      importId: this.importId,
      index: this.nextIndex,
      previousWriterId: this.last?.writerId ?? null,
      totals: {
        pages: pages + draft.ledger.length,
        records: records + (draft.chunk?.records ?? 0),
        bytes: bytes + (draft.chunk?.bytes ?? 0),
      },
      ...draft,
    };
  }

  /** Adopts records one by one, and where there are many, through a listing. */
  private async readForward(): Promise<void> {
    for (let read = 0; read < RECORDS_READ_ONE_BY_ONE; read++) {
      const record = await this.readRecord(this.nextIndex);
      if (record === undefined) return;
      this.adopt(record);
    }
    await this.skipForward();
  }

  /**
   * Goes to the end of a log that is far ahead. The records between are not read: each was checked against the one before it by
   * the attempt that wrote the next, and Persist walks the whole chain.
   */
  private async skipForward(): Promise<void> {
    let end = this.nextIndex;
    for await (const key of this.store.list(this.keys.commits, this.keys.commit(this.nextIndex - 1))) {
      const index = this.keys.commitIndex(key);
      if (index !== end) throw new CommitLogError(this.importId, `commit record ${end} is missing, though ${key} exists`);
      end += 1;
    }
    for (let index = Math.max(this.nextIndex, end - 2); index < end; index++) {
      const record = await this.readRecord(index);
      if (record === undefined) throw new CommitLogError(this.importId, `commit record ${index} was listed, but is missing`);
      if (index === this.nextIndex) this.adopt(record);
      else this.last = record;
    }
  }

  private adopt(record: CommitRecord): void {
    if (this.last === undefined) verifyFirst(record, this.importId);
    else verifyLink(this.last, record);
    this.last = record;
  }

  private async readRecord(index: number): Promise<CommitRecord | undefined> {
    const key = this.keys.commit(index);
    const bytes = await this.store.read(key);
    return bytes === undefined ? undefined : decodeCommitRecord(key, bytes);
  }
}
