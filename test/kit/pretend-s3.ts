import { randomUUID } from 'node:crypto';
import {
  DELETE_KEYS, OBJECT_KEY_BYTES, OBJECT_MAX_BYTES, PART_MAX_BYTES, PART_MIN_BYTES, UPLOAD_PARTS,
} from '../../src/protocol/limits';
import { decodeCrc32, encodeCrc32 } from '../../src/runtime/bytes/crc32';
import {
  ByteRange, CompleteOutcome, ConditionalOutcome, CopyOutcome, CopySource, ObjectProperties, ObjectStore, ObjectSummary, PartOutcome,
  UploadPart, UploadReference, WholeObject, WriteCondition, WriteReceipt,
} from '../../src/runtime/ports/object-store';
import { Clock } from '../../src/runtime/ports/ports';
import { Body, JoinedBody, LiteralBody, Origin } from './pretend-body';

/** Keys of one page of a listing, and parts. */
const LISTING_PAGE = 1000;

/** An object, without its bytes where it is large. */
export interface PretendObject {
  readonly body: Body;
  readonly properties: ObjectProperties;
  /** Of an assembled object: where its parts come from; `undefined` for one that was uploaded. */
  readonly parts: readonly PretendPart[];
}

export interface PretendPart {
  readonly body: Body;
  /** What it was copied from. */
  readonly origin?: Origin;
}

/** Objects that are made when they are asked for: too many to be kept. */
export interface Shelf {
  /** What all of its keys begin with. */
  readonly prefix: string;
  /** In ascending order. */
  keys(): Iterable<string>;
  find(key: string): Body | undefined;
}

interface PretendUpload {
  readonly key: string;
  readonly properties: ObjectProperties;
  readonly parts: Map<number, PretendPart>;
}

interface PretendBucket {
  readonly objects: Map<string, PretendObject>;
  readonly uploads: Map<string, PretendUpload>;
  readonly shelves: Shelf[];
}

/** Milliseconds that a request takes, of which the bytes that S3 or the caller moves are a part. */
export type Duration = (operation: Operation, bytes: number) => number;

export type Operation = Exclude<keyof ObjectStore, 'bucket'>;

/** What the steps have asked for. */
export class Traffic {
  /** Requests by operation. */
  public readonly requests: Partial<Record<Operation, number>> = {};
  /** Bytes of objects and parts that the process has received or sent, files of JSON left out. */
  public readonly bytesThrough: { readonly operation: Operation; readonly key: string; readonly bytes: number }[] = [];
  /** Most requests under way at one time. */
  public mostInFlight = 0;
  private inFlight = 0;

  public begin(operation: Operation): void {
    this.requests[operation] = (this.requests[operation] ?? 0) + 1;
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
  }

  public end(): void {
    this.inFlight -= 1;
  }
}

/**
 * An S3 that pretends: it keeps sizes, ETags and checksums, and bytes of small files only, so that it holds terabytes. It keeps to S3's
 * limits, and each request takes its time on a clock.
 */
export class PretendS3 {
  public readonly traffic = new Traffic();
  private readonly buckets = new Map<string, PretendBucket>();

  constructor(private readonly clock: Clock, private readonly duration: Duration) {}

  public store(bucket: string): ObjectStore {
    return new PretendStore(bucket, (name) => this.bucket(name), async (operation, bytes) => {
      this.traffic.begin(operation);
      await this.clock.sleep(this.duration(operation, bytes));
      this.traffic.end();
    }, this.traffic);
  }

  public addShelf(bucket: string, shelf: Shelf): void {
    this.bucket(bucket).shelves.push(shelf);
  }

  public find(bucket: string, key: string): PretendObject | undefined {
    return findIn(this.bucket(bucket), key);
  }

  /** Keys of objects that are on no shelf. */
  public keysOf(bucket: string): string[] {
    return [...this.bucket(bucket).objects.keys()].sort();
  }

  public openUploads(bucket: string): UploadReference[] {
    return [...this.bucket(bucket).uploads].map(([uploadId, { key }]) => ({ key, uploadId }));
  }

  private bucket(name: string): PretendBucket {
    let bucket = this.buckets.get(name);
    if (bucket === undefined) this.buckets.set(name, bucket = { objects: new Map(), uploads: new Map(), shelves: [] });
    return bucket;
  }
}

/** What S3 answers with status 400. It is no error of the catalogue: whoever meets it has broken a limit. */
export class RefusedByLimit extends Error {}

function refuseUnless(holds: boolean, problem: string): void {
  if (!holds) throw new RefusedByLimit(problem);
}

class PretendStore implements ObjectStore {
  constructor(
    public readonly bucket: string,
    private readonly find: (bucket: string) => PretendBucket,
    private readonly spend: (operation: Operation, bytes: number) => Promise<void>,
    private readonly traffic: Traffic,
  ) {}

  public async read(key: string): Promise<Uint8Array | undefined> {
    const body = this.object(key)?.body;
    await this.spend('read', body?.bytes ?? 0);
    return body && this.passed('read', key, body.read());
  }

  public async readRange(key: string, range: ByteRange): Promise<Uint8Array | undefined> {
    await this.spend('readRange', range.bytes);
    const body = this.object(key)?.body.range(range);
    return body && this.passed('readRange', key, body.read());
  }

  public async inspect(key: string): Promise<ObjectSummary | undefined> {
    await this.spend('inspect', 0);
    const object = this.object(key);
    return object && { etag: etagOf(object.body), bytes: object.body.bytes, metadata: object.properties.metadata ?? {} };
  }

  public async write(key: string, pieces: readonly Uint8Array[], crc32: string): Promise<WriteReceipt> {
    const body = new LiteralBody(Buffer.concat(pieces));
    await this.spend('write', body.bytes);
    refuseUnless(encodeCrc32(body.crc) === crc32, 'The CRC32 is not that of the bytes.');
    this.put(key, { body, properties: {}, parts: [] });
    return { etag: etagOf(body), bytes: body.bytes, crc32 };
  }

  public async writeIf(
    key: string, content: Uint8Array, condition: WriteCondition, properties: ObjectProperties = {},
  ): Promise<ConditionalOutcome> {
    await this.spend('writeIf', content.byteLength);
    if (!this.holds(condition, key)) return 'refused';
    this.put(key, { body: new LiteralBody(content), properties, parts: [] });
    return 'done';
  }

  public async copy(key: string, source: CopySource, properties: ObjectProperties): Promise<CopyOutcome> {
    await this.spend('copy', source.bytes);
    const body = this.source(source);
    if (body === undefined) return 'source-gone';
    this.put(key, { body, properties, parts: [] });
    return { etag: etagOf(body), crc32: encodeCrc32(body.crc) };
  }

  public async *list(prefix: string, startAfter: string = ''): AsyncIterable<string> {
    let count = 0;
    for (const key of keysBelow(this.find(this.bucket), prefix)) {
      if (key <= startAfter) continue;
      if (count++ % LISTING_PAGE === 0) await this.spend('list', 0);
      yield key;
    }
    if (count === 0) await this.spend('list', 0);
  }

  public async delete(keys: readonly string[]): Promise<void> {
    for (let start = 0; start < keys.length; start += DELETE_KEYS) await this.spend('delete', 0);
    for (const key of keys) this.find(this.bucket).objects.delete(key);
  }

  public async createUpload(key: string, properties: ObjectProperties): Promise<string> {
    await this.spend('createUpload', 0);
    refuseUnless(Buffer.byteLength(key) <= OBJECT_KEY_BYTES, 'The key is too long.');
    const { uploads } = this.find(this.bucket);
    const uploadId = randomUUID();
    uploads.set(uploadId, { key, properties, parts: new Map() });
    return uploadId;
  }

  public async copyPart(upload: UploadReference, partNumber: number, source: CopySource): Promise<PartOutcome> {
    await this.spend('copyPart', source.bytes);
    const body = this.source(source);
    if (body === undefined) return 'source-gone';
    return this.place(upload, partNumber, { body, origin: { key: source.key, offset: source.offset ?? 0, bytes: source.bytes } });
  }

  public async writePart(
    upload: UploadReference, partNumber: number, pieces: readonly Uint8Array[], crc32: string,
  ): Promise<PartOutcome> {
    const content = Buffer.concat(pieces);
    await this.spend('writePart', content.byteLength);
    const body = new LiteralBody(this.passed('writePart', upload.key, content));
    refuseUnless(encodeCrc32(body.crc) === crc32, 'The CRC32 is not that of the bytes.');
    return this.place(upload, partNumber, { body });
  }

  public async listParts(upload: UploadReference): Promise<UploadPart[] | undefined> {
    const parts = this.upload(upload)?.parts;
    for (let page = 0; page * LISTING_PAGE <= (parts?.size ?? 0); page++) await this.spend('listParts', 0);
    return parts && [...parts].sort(([one], [other]) => one - other).map(([partNumber, part]) => receiptOf(partNumber, part));
  }

  public async completeUpload(
    upload: UploadReference, parts: readonly UploadPart[], whole: WholeObject, condition: WriteCondition,
  ): Promise<CompleteOutcome> {
    await this.spend('completeUpload', 0);
    const open = this.upload(upload);
    if (open === undefined) return 'no-such-upload';
    const chosen = parts.map(({ partNumber }) => open.parts.get(partNumber));
    if (chosen.some((part, index) => part === undefined || etagOf(part.body) !== parts[index]!.etag)) return 'invalid-part';
    const body = this.assembled(parts, chosen as PretendPart[]);
    if (body.bytes !== whole.bytes || (whole.crc32 !== undefined && decodeCrc32(whole.crc32) !== body.crc)) return 'corrupt';
    if (!this.holds(condition, upload.key)) return 'refused';
    this.find(this.bucket).uploads.delete(upload.uploadId);
    this.put(upload.key, { body, properties: open.properties, parts: chosen as PretendPart[] });
    return 'done';
  }

  public async abortUpload({ uploadId }: UploadReference): Promise<void> {
    await this.spend('abortUpload', 0);
    this.find(this.bucket).uploads.delete(uploadId);
  }

  private assembled(parts: readonly UploadPart[], chosen: readonly PretendPart[]): Body {
    refuseUnless(parts.length > 0, 'There are no parts.');
    refuseUnless(parts.every(({ partNumber }, index) => partNumber === index + 1), 'The part numbers do not count up from 1.');
    refuseUnless(chosen.slice(0, -1).every(({ body }) => body.bytes >= PART_MIN_BYTES), 'A part before the last one is smaller than 5 MiB.');
    const body = new JoinedBody(chosen.map((part) => part.body));
    refuseUnless(body.bytes <= OBJECT_MAX_BYTES, 'The object is larger than 48.8 TiB.');
    return body;
  }

  /** What is copied, if it is there as it was. */
  private source({ bucket, key, etag, offset, bytes }: CopySource): Body | undefined {
    const body = findIn(this.find(bucket), key)?.body;
    if (body === undefined || etagOf(body) !== etag) return undefined;
    refuseUnless(bytes <= PART_MAX_BYTES, 'More than 5 GiB are copied.');
    if (offset === undefined) {
      refuseUnless(body.bytes === bytes, 'The source has another size than it is said to have.');
      return body;
    }
    refuseUnless(body.bytes > PART_MIN_BYTES, 'A range is copied of a source of 5 MiB or less.');
    refuseUnless(offset + bytes <= body.bytes, 'The range ends after the source.');
    return body.range({ offset, bytes });
  }

  private place(upload: UploadReference, partNumber: number, part: PretendPart): PartOutcome {
    refuseUnless(partNumber >= 1 && partNumber <= UPLOAD_PARTS, `There is no part number ${partNumber}.`);
    refuseUnless(part.body.bytes <= PART_MAX_BYTES, 'The part is larger than 5 GiB.');
    const open = this.upload(upload);
    if (open === undefined) return 'no-such-upload';
    open.parts.set(partNumber, part);
    return receiptOf(partNumber, part);
  }

  private put(key: string, object: PretendObject): void {
    refuseUnless(Buffer.byteLength(key) <= OBJECT_KEY_BYTES, 'The key is too long.');
    this.find(this.bucket).objects.set(key, object);
  }

  private object(key: string): PretendObject | undefined {
    return findIn(this.find(this.bucket), key);
  }

  private upload({ key, uploadId }: UploadReference): PretendUpload | undefined {
    const upload = this.find(this.bucket).uploads.get(uploadId);
    return upload?.key === key ? upload : undefined;
  }

  private holds(condition: WriteCondition, key: string): boolean {
    const object = this.object(key);
    return condition === 'absent' ? object === undefined : object !== undefined && etagOf(object.body) === condition.etag;
  }

  private passed<Content extends Uint8Array>(operation: Operation, key: string, content: Content): Content {
    if (!key.endsWith('.json')) this.traffic.bytesThrough.push({ operation, key, bytes: content.byteLength });
    return content;
  }
}

function findIn({ objects, shelves }: PretendBucket, key: string): PretendObject | undefined {
  const object = objects.get(key);
  if (object !== undefined) return object;
  const body = shelves.find(({ prefix }) => key.startsWith(prefix))?.find(key);
  return body && { body, properties: {}, parts: [] };
}

function* keysBelow({ objects, shelves }: PretendBucket, prefix: string): Iterable<string> {
  yield* [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  for (const shelf of shelves) if (shelf.prefix === prefix) yield* shelf.keys();
}

/** The ETag of an object with such a body. */
export function etagOf({ bytes, crc }: Body): string {
  return `"${crc.toString(16)}-${bytes}"`;
}

function receiptOf(partNumber: number, { body }: PretendPart): UploadPart {
  return { partNumber, etag: etagOf(body), bytes: body.bytes, crc32: encodeCrc32(body.crc) };
}
