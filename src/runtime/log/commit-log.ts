import {
  addTotals, CommitRecord, LoopGuardState, NEW_LOOP_GUARD, NO_STREAM_TOTALS, NO_TOTALS, Reports, reportsOf, StreamCommit,
  StreamTotals, Totals, totalsOf,
} from '../../protocol/commit-record';
import { CountGuardState, NEW_COUNT_GUARD } from '../../protocol/count-guard-state';
import { RECORDS_READ_ONE_BY_ONE } from '../../protocol/defaults';
import { CommitLogError } from '../../protocol/errors';
import { FIRST_POSITION, Position } from '../../protocol/fetch-contract';
import { FORMAT_VERSION } from '../../protocol/file-format';
import { ImportKeys } from '../../protocol/keys';
import { LogFailure } from '../../protocol/log-failure';
import { PerStream, perStream } from '../../protocol/streams';
import { ObjectStore } from '../ports/object-store';
import { World } from '../ports/ports';
import { verifyFirst, verifyLink } from './log-chain';
import { RecordSlots } from './record-slots';

/** A record that has no place in the log yet. */
export interface RecordDraft extends Omit<CommitRecord, 'formatVersion' | 'importId' | 'index' | 'previousWriterId' | 'streams'> {
  readonly streams: PerStream<StreamDraft>;
}

/** A stream of a record that has no place in the log yet. */
export type StreamDraft = Omit<StreamCommit, 'totals'>;

/** Of a closing record. */
const NOTHING: StreamDraft = { chunk: null, ledger: [] };

/** One attempt's view of the commit log. The log in the store is authoritative: the view adopts whatever other attempts have written. */
export class CommitLog {
  /** The last record known; `undefined` while the log is empty. */
  private last: CommitRecord | undefined;

  private readonly slots: RecordSlots;

  constructor(store: ObjectStore, private readonly keys: ImportKeys, world: World) {
    this.slots = new RecordSlots(store, keys, world);
  }

  /**
   * Reads the log from the pointer to its end.
   *
   * @param pointer number of records that existed when the pointer was written; a missing one is an error, never the end of the log
   */
  public async open(pointer: number): Promise<void> {
    if (pointer > 0) this.last = await this.slots.require(pointer - 1, `is missing, below the pointer ${pointer}`);
    await this.readForward();
  }

  /** Adopts what other attempts have committed. Resolves with whether there was anything. */
  public async refresh(): Promise<boolean> {
    const before = this.nextIndex;
    await this.readForward();
    return this.nextIndex > before;
  }

  /** Index of the next record. */
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
    return this.last === undefined ? NO_TOTALS : totalsOf(this.last);
  }

  public get streamTotals(): PerStream<StreamTotals> {
    return perStream((name) => this.last?.streams[name].totals ?? NO_STREAM_TOTALS);
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

  /** What the pages in the log have reported. */
  public get reports(): Reports {
    return reportsOf(this.last ?? {});
  }

  /**
   * Puts a record into the next slot.
   *
   * @returns whether this attempt won the slot. If not, the log has adopted the other attempt's record and all that follow, and the caller
   * must drop everything it built on the draft.
   */
  public async append(draft: RecordDraft): Promise<boolean> {
    const record = this.place(draft);
    const settled = await this.slots.fill(record);
    this.adopt(settled);
    if (settled.writerId === record.writerId) return true;
    await this.readForward();
    return false;
  }

  /**
   * Closes the log: pages in it are wrong, and nothing of it may be published.
   *
   * @returns whether this attempt closed it. If not, the log has adopted the other attempt's record and all that follow.
   */
  public async close(writerId: string, failure: LogFailure): Promise<boolean> {
    const { end } = this;
    if (end === null) throw new CommitLogError(this.keys.importId, 'it was to be closed after its final record');
    return this.append({
      writerId, firstPage: end.pageNumber, lastPage: end.pageNumber - 1, start: end, end, streams: perStream(() => NOTHING),
      ...this.reports,
      loopGuard: this.loopGuard,
      countGuard: this.countGuard,
      failure, final: false,
    });
  }

  private place(draft: RecordDraft): CommitRecord {
    return {
      formatVersion: FORMAT_VERSION,
      importId: this.keys.importId,
      index: this.nextIndex,
      previousWriterId: this.last?.writerId ?? null,
      ...draft,
      streams: perStream((name) => placed(draft.streams[name], this.streamTotals[name])),
    };
  }

  /** Adopts records one by one; if there are many, lists them instead. */
  private async readForward(): Promise<void> {
    for (let read = 0; read < RECORDS_READ_ONE_BY_ONE; read++) {
      const record = await this.slots.read(this.nextIndex);
      if (record === undefined) return;
      this.adopt(record);
    }
    await this.skipForward();
  }

  /**
   * Skips to the end of a log that is far ahead. It need not read the records in between: each was checked by the attempt that wrote the
   * next one, and Persist walks the whole chain.
   */
  private async skipForward(): Promise<void> {
    const end = await this.slots.firstEmpty(this.nextIndex);
    for (let index = Math.max(this.nextIndex, end - 2); index < end; index++) {
      const record = await this.slots.require(index, 'was listed, but is missing');
      if (index === this.nextIndex) this.adopt(record);
      else this.last = record;
    }
  }

  private adopt(record: CommitRecord): void {
    if (this.last === undefined) verifyFirst(record, this.keys);
    else verifyLink(this.last, record, this.keys);
    this.last = record;
  }
}

function placed({ chunk, ledger }: StreamDraft, before: StreamTotals): StreamCommit {
  return { chunk, ledger, totals: addTotals(before, chunk ?? NO_STREAM_TOTALS) };
}
