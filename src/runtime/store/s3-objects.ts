import {
  CopyObjectCommand, DeleteObjectsCommand, GetObjectCommand, HeadObjectCommand, HeadObjectCommandInput, HeadObjectCommandOutput,
  ListObjectsV2Command, PutObjectCommand,
} from '@aws-sdk/client-s3';
import { DELETE_KEYS } from '../../protocol/limits';
import { crc32Of } from '../bytes/crc32';
import { PieceBody } from '../bytes/piece-body';
import {
  ByteRange, ConditionalOutcome, CopyOutcome, CopySource, InspectOptions, ObjectProperties, ObjectSummary, WriteCondition, WriteReceipt,
} from '../ports/object-store';
import { sending } from './s3-clients';
import { storeError } from './s3-errors';
import { asBody, conditionHeaders, propertyHeaders, sourcePath } from './s3-headers';
import { CONDITIONAL_OUTCOMES, S3Requests } from './s3-requests';

/** Attempts at an object whose bytes do not arrive completely: the SDK's own retries end with the reply's headers. */
const DOWNLOAD_ATTEMPTS = 3;

/** The ETag of no object: S3's are hex digits. */
const NO_ETAG = '"no-object"';

/** The part of the store port that works on whole objects. */
export abstract class S3Objects extends S3Requests {
  public async read(key: string): Promise<Uint8Array | undefined> {
    return this.askOf(this.place(key), 'GetObject', key, () => this.download(key), { absent: undefined });
  }

  public async readRange(key: string, { offset, bytes }: ByteRange): Promise<Uint8Array | undefined> {
    const range = `bytes=${offset}-${offset + bytes - 1}`;
    return this.askOf(this.place(key), 'GetObject of a range', key, () => this.download(key, range), { absent: undefined });
  }

  public async inspect(key: string, { checksum = false }: InspectOptions = {}): Promise<ObjectSummary | undefined> {
    const request = { ...this.at(key), ...checksum && this.checksWholeObject ? { ChecksumMode: 'ENABLED' as const } : {} };
    const head = async (): Promise<ObjectSummary | undefined> => objectSummary(await this.repeating.send(new HeadObjectCommand(request)));
    return await this.askOf(this.place(key), 'HeadObject', key, head, { absent: undefined }) ?? this.inspectByName(request);
  }

  /**
   * ```
   * HEAD key                         the bucket exists, in this region and account, and may be read
   * PUT key If-Match: "no-object"    412 or 404: it may be written, but was not
   * ```
   */
  public async checkAccess(key: string): Promise<void> {
    await this.inspect(key);
    await this.writeIf(key, new Uint8Array(), { etag: NO_ETAG });
  }

  public async write(key: string, pieces: readonly Uint8Array[], checksum: string): Promise<WriteReceipt> {
    return this.ask('PutObject', key, async () => {
      const body = new PieceBody(pieces);
      const command = new PutObjectCommand({ ...this.at(key), ...this.encryption, Body: asBody(body), ChecksumCRC32: checksum });
      const reply = await this.repeating.send(command, sending(body.byteLength));
      return { etag: reply.ETag!, bytes: body.byteLength, crc32: reply.ChecksumCRC32 ?? checksum };
    });
  }

  public async writeIf(
    key: string, body: Uint8Array, condition: WriteCondition, properties: ObjectProperties = {},
  ): Promise<ConditionalOutcome> {
    const command = new PutObjectCommand({
      ...this.at(key),
      ...this.encryption,
      Body: asBody(new PieceBody([body])),
      ChecksumCRC32: crc32Of(body),
      ...conditionHeaders(condition),
      ...propertyHeaders(properties),
    });
    return this.askIf('the conditional PutObject', key, condition, () => this.sendOnce(key, async () => {
      await this.clients.once.send(command, sending(body.byteLength));
    }), CONDITIONAL_OUTCOMES);
  }

  public async copy(key: string, source: CopySource, properties: ObjectProperties): Promise<CopyOutcome> {
    const command = new CopyObjectCommand({
      ...this.at(key),
      ...this.encryption,
      CopySource: sourcePath(source),
      CopySourceIfMatch: source.etag,
      MetadataDirective: 'REPLACE',
      TaggingDirective: 'REPLACE',
      ...propertyHeaders(properties),
      ...this.checksWholeObject ? { ChecksumAlgorithm: 'CRC32' } : {},
    });
    return this.askOf<CopyOutcome>(source, `CopyObject from s3://${source.bucket}/${source.key}`, key, async () => {
      const { CopyObjectResult: copied } = await this.repeating.send(command);
      return { etag: copied!.ETag!, crc32: copied!.ChecksumCRC32 };
    }, { absent: 'source-gone', refused: 'source-gone' });
  }

  public async *list(prefix: string, startAfter?: string): AsyncIterable<string> {
    let token: string | undefined;
    do {
      const place = { Bucket: this.bucket, Prefix: prefix, StartAfter: startAfter, ContinuationToken: token };
      const command = new ListObjectsV2Command({ ...place, ...this.payer });
      const page = await this.ask('ListObjectsV2', prefix, () => this.repeating.send(command));
      for (const { Key: key } of page.Contents ?? []) yield key!;
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  public async delete(keys: readonly string[]): Promise<void> {
    for (let start = 0; start < keys.length; start += DELETE_KEYS) await this.deleteBatch(keys.slice(start, start + DELETE_KEYS));
  }

  /**
   * A reply to HEAD has no body, so its 404 does not tell a missing object from a missing bucket. GET does. If the object has been created
   * meanwhile, GET's headers do as well.
   */
  private async inspectByName(request: HeadObjectCommandInput): Promise<ObjectSummary | undefined> {
    return this.askOf(this.place(request.Key!), 'GetObject', request.Key!, async () => {
      const reply = await this.repeating.send(new GetObjectCommand(request));
      (reply.Body as { destroy?(): void } | undefined)?.destroy?.();
      return objectSummary(reply);
    }, { absent: undefined });
  }

  private async download(key: string, range?: string): Promise<Uint8Array> {
    // S3 has no checksum for a range.
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
    const objects = keys.map((Key) => ({ Key }));
    const command = new DeleteObjectsCommand({ Bucket: this.bucket, Delete: { Quiet: true, Objects: objects }, ...this.payer });
    const { Errors: errors = [], $metadata } = await this.ask('DeleteObjects', keys[0]!, () => this.repeating.send(command));
    // The reply as a whole is a success. It lists the keys that could not be deleted.
    for (const { Code: name, Message: message, Key: key = keys[0]! } of errors) {
      throw storeError(Object.assign(new Error(message), { name, Code: name, $metadata }), 'DeleteObjects', this.bucket, key);
    }
  }
}

function objectSummary(
  { ETag: etag, ContentLength: bytes, Metadata: metadata = {}, ChecksumCRC32: checksum }: HeadObjectCommandOutput,
): ObjectSummary {
  return { etag: etag!, bytes: bytes!, metadata, ...checksum === undefined ? {} : { crc32: checksum } };
}
