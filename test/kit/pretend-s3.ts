import { randomUUID } from 'node:crypto';
import { BucketNotFoundError, StoreUnavailableError } from '../../src/protocol/errors';
import {
  DELETE_KEYS, LISTING_PAGE, OBJECT_KEY_BYTES, OBJECT_MAX_BYTES, PART_MAX_BYTES, PART_MIN_BYTES, RANGE_SOURCE_MIN_BYTES, UPLOAD_PARTS,
} from '../../src/protocol/limits';
import { decodeCrc32, encodeCrc32 } from '../../src/runtime/bytes/crc32';
import {
  ByteRange, CompleteOutcome, ConditionalOutcome, CopyOutcome, CopySource, InspectOptions, ObjectProperties, ObjectStore, ObjectSummary,
  PartOutcome, UploadPart, UploadReference, WholeObject, WriteCondition, WriteReceipt,
} from '../../src/runtime/ports/object-store';
import { Clock } from '../../src/runtime/ports/ports';
import { Body, JoinedBody, LiteralBody, Origin } from './pretend-body';

/** An object; a large one without its bytes. */
export interface PretendObject {
  readonly body: Body;
  readonly properties: ObjectProperties;
  /** Origins of an assembled object's parts; `undefined` for an uploaded part. */
  readonly parts: readonly PretendPart[];
}

export interface PretendPart {
  readonly body: Body;
  /** Source of the copy. */
  readonly origin?: Origin;
}

/** Objects that are generated on request: too many to keep. */
export interface Shelf {
  /** Prefix of all of its keys. */
  readonly prefix: string;
  /** In ascending order. */
  keys(): Iterable<string>;
  find(key: string): Body | undefined;
}

interface PretendUpload {
  readonly key: string;
  readonly properties: ObjectProperties;
  readonly parts: Map<number, PretendPart>;
  /** Remembered after its end, since completing it again succeeds. */
  completed: boolean;
}

interface PretendBucket {
  readonly objects: Map<string, PretendObject>;
  readonly uploads: Map<string, PretendUpload>;
  readonly shelves: Shelf[];
}

/** Milliseconds that a request takes, including the time to move its bytes. */
export type Duration = (operation: Operation, bytes: number) => number;

export type Operation = Exclude<keyof ObjectStore, 'bucket'>;

/** The requests of the steps. */
export class Traffic {
  /** Requests by operation. */
  public readonly requests: Partial<Record<Operation, number>> = {};
  /** Bytes of objects and parts that the process has received or sent, except JSON files. */
  public readonly bytesThrough: { readonly operation: Operation; readonly key: string; readonly bytes: number }[] = [];
  /** Maximum requests under way at one time. */
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
 * A pretending S3: it keeps sizes, ETags and checksums, but bytes only of small files, so it can hold terabytes. It enforces S3's limits,
 * and each request takes time on a clock.
 */
export class PretendS3 {
  public readonly traffic = new Traffic();
  private readonly buckets = new Map<string, PretendBucket>();

  constructor(private readonly clock: Clock, private readonly duration: Duration) {}

  /** The store of a bucket, which is created if missing. */
  public store(bucket: string): ObjectStore {
    this.make(bucket);
    return new PretendStore(bucket, (name) => this.bucket(name), async (operation, bytes) => {
      this.traffic.begin(operation);
      await this.clock.sleep(this.duration(operation, bytes));
      this.traffic.end();
    }, this.traffic);
  }

  /** Drops a bucket with its content. Its stores answer that it does not exist. */
  public removeBucket(bucket: string): void {
    this.buckets.delete(bucket);
  }

  public addShelf(bucket: string, shelf: Shelf): void {
    this.make(bucket).shelves.push(shelf);
  }

  public find(bucket: string, key: string): PretendObject | undefined {
    return findIn(this.bucket(bucket), key);
  }

  /** Keys of objects that are on no shelf. */
  public keysOf(bucket: string): string[] {
    return [...this.bucket(bucket).objects.keys()].sort();
  }

  public openUploads(bucket: string): UploadReference[] {
    return [...this.bucket(bucket).uploads].filter(([, { completed }]) => !completed).map(([uploadId, { key }]) => ({ key, uploadId }));
  }

  private make(name: string): PretendBucket {
    let bucket = this.buckets.get(name);
    if (bucket === undefined) this.buckets.set(name, bucket = { objects: new Map(), uploads: new Map(), shelves: [] });
    return bucket;
  }

  private bucket(name: string): PretendBucket {
    const bucket = this.buckets.get(name);
    if (bucket === undefined) throw new BucketNotFoundError(name);
    return bucket;
  }
}

/** Answers with status 400: a limit is exceeded, or a checksum is wrong. */
export class RefusedByLimit extends StoreUnavailableError {
  constructor(bucket: string, key: string, problem: string) {
    super('the request', bucket, key, { cause: new Error(problem) });
  }
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

  public async inspect(key: string, { checksum = false }: InspectOptions = {}): Promise<ObjectSummary | undefined> {
    await this.spend('inspect', 0);
    const object = this.object(key);
    if (object === undefined) return undefined;
    const { body, properties: { metadata = {} } } = object;
    return { etag: etagOf(body), bytes: body.bytes, metadata, ...checksum ? { crc32: encodeCrc32(body.crc) } : {} };
  }

  public async checkAccess(): Promise<void> {
    await this.spend('checkAccess', 0);
    this.find(this.bucket);
  }

  public async write(key: string, pieces: readonly Uint8Array[], crc32: string): Promise<WriteReceipt> {
    const body = new LiteralBody(Buffer.concat(pieces));
    await this.spend('write', body.bytes);
    this.refuseUnless(key, encodeCrc32(body.crc) === crc32, 'The CRC32 is not that of the bytes.');
    this.put(key, { body, properties: {}, parts: [] });
    return { etag: etagOf(body), bytes: body.bytes, crc32 };
  }

  public async writeIf(
    key: string, content: Uint8Array, condition: WriteCondition, properties: ObjectProperties = {},
  ): Promise<ConditionalOutcome> {
    await this.spend('writeIf', content.byteLength);
    if (!this.holds(condition, key)) return 'refused';
    this.put(key, { body: new LiteralBody(Buffer.from(content)), properties, parts: [] });
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
    this.refuseUnless(key, Buffer.byteLength(key) <= OBJECT_KEY_BYTES, 'The key is too long.');
    const { uploads } = this.find(this.bucket);
    const uploadId = randomUUID();
    uploads.set(uploadId, { key, properties, parts: new Map(), completed: false });
    return uploadId;
  }

  public async copyPart(upload: UploadReference, partNumber: number, source: CopySource): Promise<PartOutcome> {
    await this.spend('copyPart', source.bytes);
    const open = this.openUpload(upload);
    const body = this.source(source);
    if (open === undefined) return 'no-such-upload';
    if (body === undefined) return 'source-gone';
    return this.place(open, partNumber, { body, origin: { key: source.key, offset: source.offset ?? 0, bytes: source.bytes } });
  }

  public async writePart(
    upload: UploadReference, partNumber: number, pieces: readonly Uint8Array[], crc32: string,
  ): Promise<PartOutcome> {
    const content = Buffer.concat(pieces);
    await this.spend('writePart', content.byteLength);
    const open = this.openUpload(upload);
    if (open === undefined) return 'no-such-upload';
    // Its bytes are not kept: all uploaded parts of a large import would take gigabytes.
    const body = new JoinedBody([new LiteralBody(this.passed('writePart', upload.key, content))]);
    this.refuseUnless(upload.key, encodeCrc32(body.crc) === crc32, 'The CRC32 is not that of the bytes.');
    return this.place(open, partNumber, { body });
  }

  public async listParts(upload: UploadReference): Promise<UploadPart[] | undefined> {
    const parts = this.openUpload(upload)?.parts;
    for (let page = 0; page * LISTING_PAGE <= (parts?.size ?? 0); page++) await this.spend('listParts', 0);
    return parts && [...parts].sort(([one], [other]) => one - other).map(([partNumber, part]) => receiptOf(partNumber, part));
  }

  public async completeUpload(
    upload: UploadReference, parts: readonly UploadPart[], whole: WholeObject, condition: WriteCondition,
  ): Promise<CompleteOutcome> {
    await this.spend('completeUpload', 0);
    const found = this.upload(upload);
    if (found === undefined) return 'no-such-upload';
    if (found.completed) return 'done';
    const chosen = chooseParts(found, parts);
    if (chosen === undefined) return 'invalid-part';
    const body = this.assembled(upload.key, parts, chosen);
    if (body.bytes !== whole.bytes || (whole.crc32 !== undefined && decodeCrc32(whole.crc32) !== body.crc)) return 'corrupt';
    if (!this.holds(condition, upload.key)) return 'refused';
    this.put(upload.key, { body, properties: found.properties, parts: chosen });
    found.completed = true;
    found.parts.clear();
    return 'done';
  }

  public async abortUpload(upload: UploadReference): Promise<void> {
    await this.spend('abortUpload', 0);
    if (this.openUpload(upload) !== undefined) this.find(this.bucket).uploads.delete(upload.uploadId);
  }

  private assembled(key: string, parts: readonly UploadPart[], chosen: readonly PretendPart[]): Body {
    this.refuseUnless(key, parts.length > 0, 'There are no parts.');
    this.refuseUnless(key, parts.every(({ partNumber }, index) => partNumber === index + 1), 'The part numbers do not count up from 1.');
    this.refuseUnless(key, chosen.slice(0, -1).every(({ body }) => body.bytes >= PART_MIN_BYTES), 'A part before the last one is smaller than 5 MiB.');
    const body = new JoinedBody(chosen.map((part) => part.body));
    this.refuseUnless(key, body.bytes <= OBJECT_MAX_BYTES, 'The object is larger than 48.8 TiB.');
    return body;
  }

  /** The source of the copy, if it is unchanged. */
  private source({ bucket, key, etag, offset, bytes }: CopySource): Body | undefined {
    const body = findIn(this.find(bucket), key)?.body;
    if (body === undefined || etagOf(body) !== etag) return undefined;
    this.refuseUnless(key, bytes <= PART_MAX_BYTES, 'More than 5 GiB are copied.');
    if (offset === undefined) {
      this.refuseUnless(key, body.bytes === bytes, 'The source has another size than it is said to have.');
      return body;
    }
    this.refuseUnless(key, body.bytes > RANGE_SOURCE_MIN_BYTES, 'A range is copied of a source of 5 MiB or less.');
    this.refuseUnless(key, offset + bytes <= body.bytes, 'The range ends after the source.');
    return body.range({ offset, bytes });
  }

  private place(open: PretendUpload, partNumber: number, part: PretendPart): PartOutcome {
    this.refuseUnless(open.key, partNumber >= 1 && partNumber <= UPLOAD_PARTS, `There is no part number ${partNumber}.`);
    this.refuseUnless(open.key, part.body.bytes <= PART_MAX_BYTES, 'The part is larger than 5 GiB.');
    open.parts.set(partNumber, part);
    return receiptOf(partNumber, part);
  }

  private put(key: string, object: PretendObject): void {
    this.refuseUnless(key, Buffer.byteLength(key) <= OBJECT_KEY_BYTES, 'The key is too long.');
    this.find(this.bucket).objects.set(key, object);
  }

  private object(key: string): PretendObject | undefined {
    return findIn(this.find(this.bucket), key);
  }

  private upload({ key, uploadId }: UploadReference): PretendUpload | undefined {
    const upload = this.find(this.bucket).uploads.get(uploadId);
    return upload?.key === key ? upload : undefined;
  }

  private openUpload(reference: UploadReference): PretendUpload | undefined {
    const upload = this.upload(reference);
    return upload?.completed === false ? upload : undefined;
  }

  private holds(condition: WriteCondition, key: string): boolean {
    const object = this.object(key);
    return condition === 'absent' ? object === undefined : object !== undefined && etagOf(object.body) === condition.etag;
  }

  private refuseUnless(key: string, holds: boolean, problem: string): void {
    if (!holds) throw new RefusedByLimit(this.bucket, key, problem);
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

/** The parts that the caller names, or `undefined` if one is missing or different, or they are out of order. */
function chooseParts({ parts }: PretendUpload, named: readonly UploadPart[]): PretendPart[] | undefined {
  const chosen: PretendPart[] = [];
  for (const [index, { partNumber, etag, crc32 }] of named.entries()) {
    const part = parts.get(partNumber);
    if (part === undefined || etagOf(part.body) !== etag) return undefined;
    if (crc32 !== undefined && decodeCrc32(crc32) !== part.body.crc) return undefined;
    if (index > 0 && partNumber <= named[index - 1]!.partNumber) return undefined;
    chosen.push(part);
  }
  return chosen;
}

/** The ETag of an object with such a body. */
export function etagOf({ bytes, crc }: Body): string {
  return `"${crc.toString(16)}-${bytes}"`;
}

function receiptOf(partNumber: number, { body }: PretendPart): UploadPart {
  return { partNumber, etag: etagOf(body), bytes: body.bytes, crc32: encodeCrc32(body.crc) };
}
