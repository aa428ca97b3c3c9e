import {
  AbortMultipartUploadCommand, CompletedPart, CompleteMultipartUploadCommand, CreateMultipartUploadCommand, ListPartsCommand,
  ListPartsCommandOutput, UploadPartCommand, UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { PieceBody } from '../bytes/piece-body';
import {
  CompleteOutcome, CopySource, ObjectProperties, ObjectStore, PartOutcome, UploadPart, UploadReference, WholeObject, WriteCondition,
} from '../ports/object-store';
import { sending } from './s3-clients';
import { asBody, conditionHeaders, propertyHeaders, sourcePath, sourceRange } from './s3-headers';
import { S3Objects } from './s3-objects';
import { CONDITIONAL_OUTCOMES } from './s3-requests';

/** The store port for Amazon S3 and compatible stores: whole objects, and multipart uploads. */
export class S3Store extends S3Objects implements ObjectStore {
  public async createUpload(key: string, properties: ObjectProperties): Promise<string> {
    const command = new CreateMultipartUploadCommand({
      ...this.at(key),
      ...this.encryption,
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
    return this.askOf<PartOutcome>(source, `UploadPartCopy from s3://${source.bucket}/${source.key}`, upload.key, async () => {
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
      // A store may refuse a part's checksum if the upload was started without one.
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
    return this.askIf<CompleteOutcome>('CompleteMultipartUpload', upload.key, condition, () => this.sendOnce(upload.key, async () => {
      await this.clients.once.send(command);
    }), { ...CONDITIONAL_OUTCOMES, 'no-such-upload': 'no-such-upload', 'invalid-part': 'invalid-part', 'corrupt': 'corrupt' });
  }

  public async abortUpload(upload: UploadReference): Promise<void> {
    const command = new AbortMultipartUploadCommand(this.inside(upload));
    await this.ask<unknown>('AbortMultipartUpload', upload.key, () => this.repeating.send(command), { 'no-such-upload': undefined });
  }

  private inside(upload: UploadReference): { Bucket: string; Key: string; UploadId: string; RequestPayer?: 'requester' } {
    return { ...this.at(upload.key), UploadId: upload.uploadId };
  }
}

function completedPart({ partNumber, etag, crc32: checksum }: UploadPart): CompletedPart {
  return { PartNumber: partNumber, ETag: etag, ChecksumCRC32: checksum };
}

function partsOf(page: ListPartsCommandOutput): UploadPart[] {
  return (page.Parts ?? []).map((part) => ({
    partNumber: part.PartNumber!, etag: part.ETag!, bytes: part.Size!, crc32: part.ChecksumCRC32,
  }));
}
