import { CommitRecord, decodeCommitRecord } from '../../protocol/commit-record';
import { CommitLogError } from '../../protocol/errors';
import { encodeFile } from '../../protocol/file-format';
import { ImportKeys } from '../../protocol/keys';
import { ObjectStore } from '../ports/object-store';
import { World } from '../ports/ports';
import { writeOnce } from './write-once';

/** The slots of an import's commit log in the store, each filled at most once. */
export class RecordSlots {
  constructor(
    private readonly store: ObjectStore,
    private readonly keys: ImportKeys,
    private readonly world: World,
  ) {}

  /** The record in a slot; `undefined` if it is empty. */
  public async read(index: number): Promise<CommitRecord | undefined> {
    const key = this.keys.commit(index);
    const bytes = await this.store.read(key);
    return bytes === undefined ? undefined : decodeCommitRecord(key, bytes);
  }

  /**
   * The record in a slot that is known to be filled.
   *
   * @param evidence how that is known, as the error says it
   */
  public async require(index: number, evidence: string): Promise<CommitRecord> {
    const record = await this.read(index);
    if (record === undefined) throw new CommitLogError(this.keys.importId, `commit record ${index} ${evidence}`);
    return record;
  }

  /** Fills a record's slot. Resolves with the record that the slot holds: this one, or another attempt's. */
  public async fill(record: CommitRecord): Promise<CommitRecord> {
    const key = this.keys.commit(record.index);
    return decodeCommitRecord(key, await writeOnce(this.store, key, encodeFile(record), this.world));
  }

  /** The first empty slot from `index` on, by a listing. */
  public async firstEmpty(index: number): Promise<number> {
    let end = index;
    for await (const key of this.store.list(this.keys.commits, this.keys.commit(index - 1))) {
      if (this.keys.commitIndex(key) !== end) throw new CommitLogError(this.keys.importId, `commit record ${end} is missing, though ${key} exists`);
      end += 1;
    }
    return end;
  }
}
