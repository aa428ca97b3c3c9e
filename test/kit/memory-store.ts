import { hash, randomUUID } from 'node:crypto';
import { BucketNotFoundError, StoreRefusedError, StoreUnavailableError } from '../../src/protocol/errors';
import { PART_MIN_BYTES, UPLOAD_PARTS } from '../../src/protocol/limits';
import { crc32Of } from '../../src/runtime/bytes/crc32';
import {
  ByteRange, CompleteOutcome, ConditionalOutcome, CopyOutcome, CopySource, InspectOptions, ObjectProperties, ObjectStore, ObjectSummary,
  PartOutcome, UploadPart, UploadReference, WholeObject, WriteCondition, WriteReceipt,
} from '../../src/runtime/ports/object-store';

export interface MemoryS3Options {
  /** Minimum size of a part other than the last, in bytes. Default: that of S3. */
  readonly partMinBytes?: number;
  /** Awaited before each call is applied atomically: lets a scheduler order the calls. Default: a microtask. */
  readonly turn?: () => Promise<void>;
}

/** Buckets in memory, with their objects and uploads: Amazon S3 as far as the store port relies on it. */
export class MemoryS3 {
  private readonly buckets = new Map<string, MemoryBucket>();
  private readonly partMinBytes: number;
  private readonly turn: () => Promise<void>;

  constructor(options: MemoryS3Options = {}) {
    this.partMinBytes = options.partMinBytes ?? PART_MIN_BYTES;
    this.turn = options.turn ?? (async () => {});
  }

  /** The store of a bucket, which is created if missing. Stores of one bucket see the same objects. */
  public store(bucket: string): ObjectStore {
    if (!this.buckets.has(bucket)) this.buckets.set(bucket, { objects: new Map(), uploads: new Map() });
    return new MemoryStore(bucket, (name) => this.find(name), this.turn, this.partMinBytes);
  }

  /** Open uploads of a bucket, with the number of their parts. */
  public openUploads(bucket: string): (UploadReference & { readonly parts: number })[] {
    return [...this.find(bucket).uploads]
      .filter(([, { completed }]) => !completed)
      .map(([uploadId, { key, parts }]) => ({ key, uploadId, parts: parts.size }));
  }

  /** Properties that an object was written with; `undefined` if it does not exist. */
  public propertiesOf(bucket: string, key: string): ObjectProperties | undefined {
    return this.find(bucket).objects.get(key)?.properties;
  }

  /** Drops a bucket with its content. Its stores answer that it does not exist. */
  public removeBucket(bucket: string): void {
    this.buckets.delete(bucket);
  }

  private find(bucket: string): MemoryBucket {
    const found = this.buckets.get(bucket);
    if (found === undefined) throw new BucketNotFoundError(bucket);
    return found;
  }
}

interface MemoryBucket {
  readonly objects: Map<string, MemoryObject>;
  readonly uploads: Map<string, MemoryUpload>;
}

interface MemoryObject {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly properties: ObjectProperties;
}

interface MemoryUpload {
  readonly key: string;
  readonly properties: ObjectProperties;
  readonly parts: Map<number, MemoryPart>;
  /** Remembered after its end, since completing it again succeeds. */
  completed: boolean;
}

interface MemoryPart extends UploadPart {
  readonly content: Buffer;
}

/** One bucket of a `MemoryS3`. Each call waits for its turn and is then applied without another wait: nothing is ever half done. */
class MemoryStore implements ObjectStore {
  constructor(
    public readonly bucket: string,
    private readonly find: (bucket: string) => MemoryBucket,
    private readonly turn: () => Promise<void>,
    private readonly partMinBytes: number,
  ) {}

  public async read(key: string): Promise<Uint8Array | undefined> {
    const { objects } = await this.enter();
    const object = objects.get(key);
    return object && new Uint8Array(object.bytes);
  }

  public async readRange(key: string, { offset, bytes }: ByteRange): Promise<Uint8Array | undefined> {
    const { objects } = await this.enter();
    const object = objects.get(key);
    return object && new Uint8Array(object.bytes.subarray(offset, offset + bytes));
  }

  public async inspect(key: string, { checksum = false }: InspectOptions = {}): Promise<ObjectSummary | undefined> {
    const { objects } = await this.enter();
    const object = objects.get(key);
    if (object === undefined) return undefined;
    const { etag, bytes, properties: { metadata = {} } } = object;
    return { etag, bytes: bytes.byteLength, metadata, ...checksum ? { crc32: crc32Of(bytes) } : {} };
  }

  public async checkAccess(): Promise<void> {
    await this.enter();
  }

  public async write(key: string, pieces: readonly Uint8Array[], checksum: string): Promise<WriteReceipt> {
    const { objects } = await this.enter();
    const bytes = Buffer.concat(pieces);
    this.verify('PutObject', key, bytes, checksum);
    const object = objectOf(bytes, {});
    objects.set(key, object);
    return { etag: object.etag, bytes: bytes.byteLength, crc32: checksum };
  }

  public async writeIf(
    key: string, body: Uint8Array, condition: WriteCondition, properties: ObjectProperties = {},
  ): Promise<ConditionalOutcome> {
    const { objects } = await this.enter();
    if (!holds(condition, objects.get(key))) return 'refused';
    objects.set(key, objectOf(Buffer.from(body), properties));
    return 'done';
  }

  public async copy(key: string, source: CopySource, properties: ObjectProperties): Promise<CopyOutcome> {
    const { objects } = await this.enter();
    const object = this.find(source.bucket).objects.get(source.key);
    if (object?.etag !== source.etag) return 'source-gone';
    const copied = objectOf(object.bytes, properties);
    objects.set(key, copied);
    return { etag: copied.etag, crc32: crc32Of(copied.bytes) };
  }

  public async *list(prefix: string, startAfter: string = ''): AsyncIterable<string> {
    const { objects } = await this.enter();
    const after = Buffer.from(startAfter);
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).map((key) => Buffer.from(key));
    yield* keys.filter((key) => Buffer.compare(key, after) > 0).sort(Buffer.compare).map(String);
  }

  public async delete(keys: readonly string[]): Promise<void> {
    const { objects } = await this.enter();
    for (const key of keys) objects.delete(key);
  }

  public async createUpload(key: string, properties: ObjectProperties): Promise<string> {
    const { uploads } = await this.enter();
    const uploadId = randomUUID();
    uploads.set(uploadId, { key, properties, parts: new Map(), completed: false });
    return uploadId;
  }

  public async copyPart(upload: UploadReference, partNumber: number, source: CopySource): Promise<PartOutcome> {
    const open = openUpload(await this.enter(), upload);
    const object = this.find(source.bucket).objects.get(source.key);
    if (open === undefined) return 'no-such-upload';
    if (object?.etag !== source.etag) return 'source-gone';
    return this.place(open, partNumber, this.copied(upload.key, object, source));
  }

  public async writePart(
    upload: UploadReference, partNumber: number, pieces: readonly Uint8Array[], checksum: string,
  ): Promise<PartOutcome> {
    const open = openUpload(await this.enter(), upload);
    if (open === undefined) return 'no-such-upload';
    const content = Buffer.concat(pieces);
    this.verify('UploadPart', upload.key, content, checksum);
    return this.place(open, partNumber, content);
  }

  public async listParts(upload: UploadReference): Promise<UploadPart[] | undefined> {
    const open = openUpload(await this.enter(), upload);
    return open && [...open.parts.values()].sort((a, b) => a.partNumber - b.partNumber).map(uploadPart);
  }

  public async completeUpload(
    upload: UploadReference, parts: readonly UploadPart[], whole: WholeObject, condition: WriteCondition,
  ): Promise<CompleteOutcome> {
    const { objects, uploads } = await this.enter();
    const found = uploads.get(upload.uploadId);
    if (found?.key !== upload.key) return 'no-such-upload';
    if (found.completed) return 'done';
    const chosen = chooseParts(found, parts);
    if (chosen === undefined) return 'invalid-part';
    this.verifyParts(upload.key, chosen);
    const bytes = Buffer.concat(chosen.map(({ content }) => content));
    if (bytes.byteLength !== whole.bytes || (whole.crc32 ?? crc32Of(bytes)) !== crc32Of(bytes)) return 'corrupt';
    if (!holds(condition, objects.get(upload.key))) return 'refused';
    objects.set(upload.key, { ...objectOf(bytes, found.properties), etag: multipartEtag(chosen) });
    found.completed = true;
    found.parts.clear();
    return 'done';
  }

  public async abortUpload(upload: UploadReference): Promise<void> {
    const bucket = await this.enter();
    if (openUpload(bucket, upload) !== undefined) bucket.uploads.delete(upload.uploadId);
  }

  private copied(key: string, { bytes: content }: MemoryObject, { offset, bytes }: CopySource): Buffer {
    if (offset === undefined) return content;
    if (content.byteLength <= this.partMinBytes) {
      throw this.refusal('UploadPartCopy', key, `A range is copied of an object of more than ${this.partMinBytes} bytes only.`);
    }
    if (offset + bytes > content.byteLength) throw this.refusal('UploadPartCopy', key, 'The range ends after the object.');
    return content.subarray(offset, offset + bytes);
  }

  private async enter(): Promise<MemoryBucket> {
    await this.turn();
    return this.find(this.bucket);
  }

  private place(upload: MemoryUpload, partNumber: number, content: Buffer): UploadPart {
    if (partNumber < 1 || partNumber > UPLOAD_PARTS) {
      throw this.refusal('UploadPart', upload.key, `There is no part number ${partNumber}.`);
    }
    const part = { partNumber, etag: etagOf(content), bytes: content.byteLength, crc32: crc32Of(content), content };
    upload.parts.set(partNumber, part);
    return uploadPart(part);
  }

  private verify(operation: string, key: string, bytes: Buffer, checksum: string): void {
    if (crc32Of(bytes) !== checksum) throw this.rejection(operation, key, 'The CRC32 is not that of the bytes.');
  }

  /** Why S3 refuses a list of existing parts. If the upload has a checksum, their numbers must have no gap. */
  private verifyParts(key: string, parts: readonly MemoryPart[]): void {
    const refuse = (reason: string) => this.rejection('CompleteMultipartUpload', key, reason);
    if (parts.length === 0) throw refuse('There are no parts.');
    if (parts.some(({ partNumber }, index) => partNumber !== index + 1)) throw refuse('The part numbers do not count up from 1.');
    if (parts.slice(0, -1).some(({ bytes }) => bytes < this.partMinBytes)) {
      throw refuse(`A part before the last one is smaller than ${this.partMinBytes} bytes.`);
    }
  }

  /** Of a request that is invalid, whenever it is made. */
  private refusal(operation: string, key: string, reason: string): StoreRefusedError {
    return new StoreRefusedError(operation, this.bucket, key, { cause: new Error(reason) });
  }

  private rejection(operation: string, key: string, reason: string): StoreUnavailableError {
    return new StoreUnavailableError(operation, this.bucket, key, { cause: new Error(reason) });
  }
}

function holds(condition: WriteCondition, object: MemoryObject | undefined): boolean {
  return condition === 'absent' ? object === undefined : object?.etag === condition.etag;
}

function openUpload(bucket: MemoryBucket, { key, uploadId }: UploadReference): MemoryUpload | undefined {
  const upload = bucket.uploads.get(uploadId);
  return upload?.key === key && !upload.completed ? upload : undefined;
}

/** The parts that the caller names, or `undefined` if one is missing or different, or they are out of order. */
function chooseParts(upload: MemoryUpload, named: readonly UploadPart[]): MemoryPart[] | undefined {
  const chosen: MemoryPart[] = [];
  for (const { partNumber, etag, crc32: checksum } of named) {
    const part = upload.parts.get(partNumber);
    if (part?.etag !== etag || (checksum ?? part.crc32) !== part.crc32) return undefined;
    if (partNumber <= (chosen.at(-1)?.partNumber ?? 0)) return undefined;
    chosen.push(part);
  }
  return chosen;
}

/** S3 keeps the names of user metadata in lower case. */
function objectOf(bytes: Buffer, properties: ObjectProperties): MemoryObject {
  const lowerCase = Object.entries(properties.metadata ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { bytes, etag: etagOf(bytes), properties: { ...properties, metadata: Object.fromEntries(lowerCase) } };
}

function uploadPart({ content: _, ...part }: MemoryPart): UploadPart {
  return part;
}

function md5(bytes: Uint8Array): Buffer {
  return hash('md5', bytes, 'buffer');
}

function etagOf(bytes: Uint8Array): string {
  return `"${md5(bytes).toString('hex')}"`;
}

/** As in S3: the MD5 of the parts' MD5s, and their number. */
function multipartEtag(parts: readonly MemoryPart[]): string {
  return `"${md5(Buffer.concat(parts.map(({ content }) => md5(content)))).toString('hex')}-${parts.length}"`;
}
