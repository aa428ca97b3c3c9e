import {
  AbortMultipartUploadCommand, CompletedPart, CompleteMultipartUploadCommand, CopyObjectCommand, CreateMultipartUploadCommand,
  DeleteObjectsCommand, GetObjectCommand, HeadObjectCommand, HeadObjectCommandInput, HeadObjectCommandOutput, ListObjectsV2Command,
  ListPartsCommand, ListPartsCommandOutput, PutObjectCommand, PutObjectCommandInput, S3Client, S3ClientConfig, StorageClass,
  UploadPartCommand, UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { IntegrityCheck } from '../../protocol/choices';
import { StoreAnswer } from '../../protocol/errors';
import { DELETE_KEYS } from '../../protocol/limits';
import { crc32Of } from '../bytes/crc32';
import { PieceBody } from '../bytes/piece-body';
import {
  ByteRange, CompleteOutcome, ConditionalOutcome, CopyOutcome, CopySource, InspectOptions, ObjectProperties, ObjectStore, ObjectSummary,
  PartOutcome, UploadPart, UploadReference, WholeObject, WriteCondition, WriteReceipt,
} from '../ports/object-store';
import { S3Clients, sending } from './s3-clients';
import { answerOf, failureOf, S3Failure, storeError } from './s3-errors';

/** Times that an object is asked for whose bytes did not arrive whole: the SDK's own retries end with the reply's headers. */
const DOWNLOAD_ATTEMPTS = 3;

export interface S3StoreOptions {
  /** How a multipart upload is checked as a whole. Default: object size and full-object CRC32, by the store. */
  readonly integrityCheck?: IntegrityCheck;
  /** Added to the clients' own configuration: endpoint, region, credentials. Default: the environment's clients, which stores share. */
  readonly client?: S3ClientConfig;
}

/** The store port over Amazon S3 and stores that speak its protocol. */
export class S3Store implements ObjectStore {
  private readonly clients: S3Clients;
  private readonly checksWholeObject: boolean;
  /** Of conditional writes that were not acknowledged, by key. */
  private readonly answers = new Map<string, StoreAnswer>();

  constructor(public readonly bucket: string, options: S3StoreOptions = {}) {
    this.clients = options.client === undefined ? S3Clients.ofEnvironment() : new S3Clients(options.client);
    this.checksWholeObject = options.integrityCheck !== IntegrityCheck.SIZES_AND_ETAGS;
  }

  public async read(key: string): Promise<Uint8Array | undefined> {
    return this.ask('GetObject', key, () => this.download(key), { absent: undefined });
  }

  public async readRange(key: string, { offset, bytes }: ByteRange): Promise<Uint8Array | undefined> {
    const range = `bytes=${offset}-${offset + bytes - 1}`;
    return this.ask('GetObject of a range', key, () => this.download(key, range), { absent: undefined });
  }

  public async inspect(key: string, { checksum = false }: InspectOptions = {}): Promise<ObjectSummary | undefined> {
    const request = { ...this.at(key), ...checksum && this.checksWholeObject ? { ChecksumMode: 'ENABLED' as const } : {} };
    const head = await this.ask('HeadObject', key, async () => objectSummary(await this.repeating.send(new HeadObjectCommand(request))), {
      absent: undefined,
    });
    return head ?? this.inspectByName(request);
  }

  public async write(key: string, pieces: readonly Uint8Array[], checksum: string): Promise<WriteReceipt> {
    return this.ask('PutObject', key, async () => {
      const body = new PieceBody(pieces);
      const command = new PutObjectCommand({ ...this.at(key), Body: asBody(body), ChecksumCRC32: checksum });
      const reply = await this.repeating.send(command, sending(body.byteLength));
      return { etag: reply.ETag!, bytes: body.byteLength, crc32: reply.ChecksumCRC32 ?? checksum };
    });
  }

  public async writeIf(
    key: string, body: Uint8Array, condition: WriteCondition, properties: ObjectProperties = {},
  ): Promise<ConditionalOutcome> {
    const command = new PutObjectCommand({
      ...this.at(key),
      Body: asBody(new PieceBody([body])),
      ChecksumCRC32: crc32Of(body),
      ...conditionHeaders(condition),
      ...propertyHeaders(properties),
    });
    return this.ask<ConditionalOutcome>('the conditional PutObject', key, () => this.sendOnce(key, async () => {
      await this.clients.once.send(command, sending(body.byteLength));
    }), CONDITIONAL_OUTCOMES);
  }

  public async copy(key: string, source: CopySource, properties: ObjectProperties): Promise<CopyOutcome> {
    const command = new CopyObjectCommand({
      ...this.at(key),
      CopySource: sourcePath(source),
      CopySourceIfMatch: source.etag,
      MetadataDirective: 'REPLACE',
      TaggingDirective: 'REPLACE',
      ...propertyHeaders(properties),
      ...this.checksWholeObject ? { ChecksumAlgorithm: 'CRC32' } : {},
    });
    return this.ask<CopyOutcome>(`CopyObject from s3://${source.bucket}/${source.key}`, key, async () => {
      const { CopyObjectResult: copied } = await this.repeating.send(command);
      return { etag: copied!.ETag!, crc32: copied!.ChecksumCRC32 };
    }, { absent: 'source-gone', refused: 'source-gone' });
  }

  public async *list(prefix: string, startAfter?: string): AsyncIterable<string> {
    let token: string | undefined;
    do {
      const command = new ListObjectsV2Command({ Bucket: this.bucket, Prefix: prefix, StartAfter: startAfter, ContinuationToken: token });
      const page = await this.ask('ListObjectsV2', prefix, () => this.repeating.send(command));
      for (const { Key: key } of page.Contents ?? []) yield key!;
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  public async delete(keys: readonly string[]): Promise<void> {
    for (let start = 0; start < keys.length; start += DELETE_KEYS) await this.deleteBatch(keys.slice(start, start + DELETE_KEYS));
  }

  public async createUpload(key: string, properties: ObjectProperties): Promise<string> {
    const command = new CreateMultipartUploadCommand({
      ...this.at(key),
      ...propertyHeaders(properties),
      ...this.checksWholeObject ? { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' } : {},
    });
    return this.ask('CreateMultipartUpload', key, async () => (await this.repeating.send(command)).UploadId!);
  }

  public async copyPart(upload: UploadReference, partNumber: number, source: CopySource): Promise<PartOutcome> {
    const command = new UploadPartCopyCommand({
      ...this.inside(upload),
      PartNumber: partNumber,
      CopySource: sourcePath(source),
      CopySourceIfMatch: source.etag,
      ...sourceRange(source),
    });
    return this.ask<PartOutcome>(`UploadPartCopy from s3://${source.bucket}/${source.key}`, upload.key, async () => {
      const { CopyPartResult: part } = await this.repeating.send(command);
      return { partNumber, etag: part!.ETag!, bytes: source.bytes, crc32: part!.ChecksumCRC32 };
    }, { 'absent': 'source-gone', 'refused': 'source-gone', 'no-such-upload': 'no-such-upload' });
  }

  public async writePart(
    upload: UploadReference, partNumber: number, pieces: readonly Uint8Array[], checksum: string,
  ): Promise<PartOutcome> {
    const body = new PieceBody(pieces);
    const command = new UploadPartCommand({
      ...this.inside(upload),
      PartNumber: partNumber,
      Body: asBody(body),
      // A store may refuse a part's checksum where the upload was started without one.
      ...this.checksWholeObject ? { ChecksumCRC32: checksum } : {},
    });
    return this.ask<PartOutcome>('UploadPart', upload.key, async () => {
      const reply = await this.repeating.send(command, sending(body.byteLength));
      return { partNumber, etag: reply.ETag!, bytes: body.byteLength, crc32: reply.ChecksumCRC32 };
    }, { 'no-such-upload': 'no-such-upload' });
  }

  public async listParts(upload: UploadReference): Promise<UploadPart[] | undefined> {
    const parts: UploadPart[] = [];
    let marker: string | undefined;
    do {
      const command = new ListPartsCommand({ ...this.inside(upload), PartNumberMarker: marker });
      const page = await this.ask<ListPartsCommandOutput | undefined>('ListParts', upload.key, () => this.repeating.send(command), {
        'no-such-upload': undefined,
      });
      if (page === undefined) return undefined;
      parts.push(...partsOf(page));
      marker = page.IsTruncated ? page.NextPartNumberMarker : undefined;
    } while (marker !== undefined);
    return parts;
  }

  public async completeUpload(
    upload: UploadReference, parts: readonly UploadPart[], whole: WholeObject, condition: WriteCondition,
  ): Promise<CompleteOutcome> {
    const command = new CompleteMultipartUploadCommand({
      ...this.inside(upload),
      ...conditionHeaders(condition),
      MultipartUpload: { Parts: parts.map(completedPart) },
      ...this.checksWholeObject ? { MpuObjectSize: whole.bytes, ChecksumCRC32: whole.crc32, ChecksumType: 'FULL_OBJECT' } : {},
    });
    return this.ask<CompleteOutcome>('CompleteMultipartUpload', upload.key, () => this.sendOnce(upload.key, async () => {
      await this.clients.once.send(command);
    }), { ...CONDITIONAL_OUTCOMES, 'no-such-upload': 'no-such-upload', 'invalid-part': 'invalid-part', 'corrupt': 'corrupt' });
  }

  public async abortUpload(upload: UploadReference): Promise<void> {
    const command = new AbortMultipartUploadCommand(this.inside(upload));
    await this.ask<unknown>('AbortMultipartUpload', upload.key, () => this.repeating.send(command), { 'no-such-upload': undefined });
  }

  public answerOf(key: string): StoreAnswer | undefined {
    return this.answers.get(key);
  }

  /** Remembers what is answered: an outcome is a word, and a message wants more. */
  private async sendOnce(key: string, send: () => Promise<void>): Promise<'done'> {
    this.answers.delete(key);
    try {
      await send();
      return 'done';
    } catch (error) {
      this.answers.set(key, answerOf(error));
      throw error;
    }
  }

  /**
   * A reply to HEAD has no body: its 404 does not tell whether the object or the bucket is missing. GET tells, and where the object has
   * come into being meanwhile, its headers are as good.
   */
  private async inspectByName(request: HeadObjectCommandInput): Promise<ObjectSummary | undefined> {
    return this.ask('GetObject', request.Key!, async () => {
      const reply = await this.repeating.send(new GetObjectCommand(request));
      (reply.Body as { destroy?(): void } | undefined)?.destroy?.();
      return objectSummary(reply);
    }, { absent: undefined });
  }

  private async download(key: string, range?: string): Promise<Uint8Array> {
    // A part of an object has no checksum.
    const what = range === undefined ? { ChecksumMode: 'ENABLED' as const } : { Range: range };
    for (let attempt = 1; ; attempt++) {
      const reply = await this.repeating.send(new GetObjectCommand({ ...this.at(key), ...what }));
      try {
        return await reply.Body!.transformToByteArray();
      } catch (error) {
        if (attempt === DOWNLOAD_ATTEMPTS) throw error;
      }
    }
  }

  private async deleteBatch(keys: readonly string[]): Promise<void> {
    const command = new DeleteObjectsCommand({ Bucket: this.bucket, Delete: { Quiet: true, Objects: keys.map((Key) => ({ Key })) } });
    const { Errors: errors = [] } = await this.ask('DeleteObjects', keys[0]!, () => this.repeating.send(command));
    // The reply as a whole is a success; the keys that are still there are listed in it.
    for (const { Code: name, Message: message, Key: key = keys[0]! } of errors) {
      throw storeError(Object.assign(new Error(message), { name, Code: name }), 'DeleteObjects', this.bucket, key);
    }
  }

  /**
   * Sends a request.
   *
   * @param answers what the port answers to some of the failures; all others are thrown as the catalogue's errors
   */
  private async ask<T>(operation: string, key: string, send: () => Promise<T>, answers: Answers<T> = {}): Promise<T> {
    try {
      return await send();
    } catch (error) {
      const failure = failureOf(error);
      if (failure in answers) return answers[failure] as T;
      throw storeError(error, operation, this.bucket, key);
    }
  }

  /** The client for requests that may be repeated. */
  private get repeating(): S3Client {
    return this.clients.repeating;
  }

  private at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.bucket, Key: key };
  }

  private inside(upload: UploadReference): { Bucket: string; Key: string; UploadId: string } {
    return { ...this.at(upload.key), UploadId: upload.uploadId };
  }
}

type Answers<T> = { readonly [failure in S3Failure]?: T };

/** `absent`: there is no object that could have the ETag of the condition. */
const CONDITIONAL_OUTCOMES: Answers<ConditionalOutcome> = { refused: 'refused', absent: 'refused', conflict: 'conflict', open: 'unknown' };

function conditionHeaders(condition: WriteCondition): { IfNoneMatch: string } | { IfMatch: string } {
  return condition === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: condition.etag };
}

function propertyHeaders(properties: ObjectProperties): PropertyHeaders {
  const { contentType, contentEncoding, storageClass, tags = [], metadata } = properties;
  return {
    ContentType: contentType,
    ContentEncoding: contentEncoding,
    StorageClass: storageClass as StorageClass | undefined,
    Tagging: tags.length === 0 ? undefined : tags.map(({ key, value }) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`).join('&'),
    Metadata: metadata === undefined ? undefined : { ...metadata },
  };
}

type PropertyHeaders = Pick<PutObjectCommandInput, 'ContentType' | 'ContentEncoding' | 'StorageClass' | 'Tagging' | 'Metadata'>;

function sourcePath({ bucket, key }: CopySource): string {
  return `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
}

function sourceRange({ offset, bytes }: CopySource): { CopySourceRange?: string } {
  return offset === undefined ? {} : { CopySourceRange: `bytes=${offset}-${offset + bytes - 1}` };
}

function objectSummary(
  { ETag: etag, ContentLength: bytes, Metadata: metadata = {}, ChecksumCRC32: checksum }: HeadObjectCommandOutput,
): ObjectSummary {
  return { etag: etag!, bytes: bytes!, metadata, ...checksum === undefined ? {} : { crc32: checksum } };
}

function completedPart({ partNumber, etag, crc32: checksum }: UploadPart): CompletedPart {
  return { PartNumber: partNumber, ETag: etag, ChecksumCRC32: checksum };
}

function partsOf(page: ListPartsCommandOutput): UploadPart[] {
  return (page.Parts ?? []).map((part) => ({
    partNumber: part.PartNumber!, etag: part.ETag!, bytes: part.Size!, crc32: part.ChecksumCRC32,
  }));
}

/** The SDK's type lists the bodies that it reads by itself. */
function asBody(body: PieceBody): PutObjectCommandInput['Body'] {
  return body as unknown as PutObjectCommandInput['Body'];
}
