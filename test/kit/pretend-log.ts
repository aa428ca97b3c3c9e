import { CommitRecord } from '../../src/protocol/commit-record';
import { encodeFile } from '../../src/protocol/file-format';
import { ImportKeys } from '../../src/protocol/keys';
import { encodeCrc32 } from '../../src/runtime/bytes/crc32';
import { Body, FilledBody, LiteralBody } from './pretend-body';
import { etagOf, Shelf } from './pretend-s3';
import { recordOfChunk } from './sized-log';

/** A finished log and its chunks, generated on request. */
export class PretendLog {
  public readonly bytes: number;
  private readonly bytesBefore: Float64Array;

  /** @param sizeOf bytes of a chunk, by its place */
  constructor(
    private readonly importId: string, private readonly keys: ImportKeys, public readonly count: number,
    private readonly sizeOf: (index: number) => number,
  ) {
    this.bytesBefore = new Float64Array(count + 1);
    for (let index = 0; index < count; index++) this.bytesBefore[index + 1] = this.bytesBefore[index]! + sizeOf(index);
    this.bytes = this.bytesBefore[count]!;
  }

  public get shelves(): Shelf[] {
    const indices = (keyOf: (index: number) => string) => function* (this: PretendLog): Iterable<string> {
      for (let index = 0; index < this.count; index++) yield keyOf(index);
    }.bind(this);
    return [
      {
        prefix: this.keys.commits,
        keys: indices((index) => this.keys.commit(index)),
        find: (key) => new LiteralBody(encodeFile(this.record(this.keys.commitIndex(key)!))),
      },
      { prefix: this.keys.data, keys: indices((index) => this.chunkKey(index)), find: (key) => this.bodyAt(this.indexOf(key)) },
    ];
  }

  public chunkKey(index: number): string {
    return this.keys.chunk(index, 'a0b1c2d3-0000-4000-8000-000000000000', 'jsonl');
  }

  /** The index of a chunk. */
  public indexOf(key: string): number {
    return Number(key.slice(this.keys.data.length).split('-', 1)[0]);
  }

  public chunkBytes(index: number): number {
    return this.sizeOf(index);
  }

  private bodyAt(index: number): Body {
    return new FilledBody(index % 7, this.sizeOf(index));
  }

  private record(index: number): CommitRecord {
    const body = this.bodyAt(index);
    const chunk = { key: this.chunkKey(index), etag: etagOf(body), crc32: encodeCrc32(body.crc), bytes: body.bytes, records: 1 };
    return recordOfChunk(this.importId, index, chunk, this.bytesBefore[index + 1]!, index === this.count - 1);
  }
}
