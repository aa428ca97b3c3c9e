import { randomUUID } from 'node:crypto';
import { PART_MIN_BYTES, UPLOAD_PARTS } from '../../protocol/limits';
import { Checksum, checksumOf, compositeChecksum, verifyChecksum } from './checksum';
import { md5Etag, uploadEtag } from './etag';
import { MemoryBuckets, StoredProperties, StoredObject } from './memory-buckets';
import { ObjectBody } from './object-body';
import { sameEtag, RequestCondition } from './request-condition';
import { badDigest, invalidArgument, invalidRequest, noSuchBucket, noSuchUpload, S3Error } from './s3-error';

export interface MultipartUpload {
  readonly uploadId: string;
  readonly bucket: string;
  readonly key: string;
  readonly initiated: Date;
  readonly properties: StoredProperties;
  /** The object's checksum, if CreateMultipartUpload requested one. */
  readonly checksum?: Pick<Checksum, 'algorithm' | 'type'>;
  readonly parts: Map<number, UploadedPart>;
}

export interface UploadedPart {
  readonly partNumber: number;
  readonly body: ObjectBody;
  readonly etag: string;
  readonly lastModified: Date;
  /** With the upload's algorithm or, if it has none, the one of the client's checksum for this part. */
  readonly checksum?: Omit<Checksum, 'type'>;
}

/** What CompleteMultipartUpload says about the object to create. */
export interface CompleteRequest {
  readonly parts: readonly CompletedPart[];
  readonly condition: RequestCondition;
  /** `x-amz-mp-object-size` */
  readonly objectBytes?: number;
  /** Checksum of the whole object, with the upload's algorithm and type. */
  readonly checksum?: Omit<Checksum, 'type'>;
  /** `x-amz-checksum-type` */
  readonly checksumType?: string;
}

export interface CompletedPart {
  readonly partNumber: number;
  readonly etag: string;
  /** In base64, with the upload's algorithm. */
  readonly checksum?: string;
}

/** The result of a completed upload. */
export interface CompletedUpload {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  readonly checksum?: Checksum;
}

/** The running uploads. As in the store, every method is one step, and no other request runs in between. */
export class MultipartUploads {
  private readonly uploads = new Map<string, MultipartUpload>();
  /** Results of completed uploads, by upload id. Without the bytes, which are freed with the object. */
  private readonly completed = new Map<string, CompletedUpload>();

  /** @param repeatedComplete see `LocalS3Options.repeatedComplete` */
  constructor(private readonly objects: MemoryBuckets, private readonly repeatedComplete: 'succeeds' | 'no-such-upload') {}

  /** @throws NoSuchBucket */
  create(upload: Pick<MultipartUpload, 'bucket' | 'key' | 'properties' | 'checksum'>): string {
    if (!this.objects.hasBucket(upload.bucket)) throw noSuchBucket(upload.bucket);
    const uploadId = randomUUID();
    this.uploads.set(uploadId, { ...upload, uploadId, initiated: new Date(), parts: new Map() });
    return uploadId;
  }

  /** @throws NoSuchBucket; NoSuchUpload if it does not exist, or belongs to another bucket or key */
  get(bucket: string, key: string, uploadId: string): MultipartUpload {
    if (!this.objects.hasBucket(bucket)) throw noSuchBucket(bucket);
    const upload = this.uploads.get(uploadId);
    if (upload?.bucket !== bucket || upload.key !== key) throw noSuchUpload();
    return upload;
  }

  /** The uploads of one bucket, by key and then by age. @throws NoSuchBucket */
  list(bucket: string): MultipartUpload[] {
    if (!this.objects.hasBucket(bucket)) throw noSuchBucket(bucket);
    // The oldest come first, and the sort is stable.
    const uploads = [...this.uploads.values()].filter((upload) => upload.bucket === bucket);
    return uploads.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  }

  /** Adds a part. Replaces one with the same number. @throws InvalidArgument, InvalidRequest, BadDigest */
  putPart(upload: MultipartUpload, partNumber: number, body: ObjectBody, announced?: Omit<Checksum, 'type'>): UploadedPart {
    if (!(partNumber >= 1 && partNumber <= UPLOAD_PARTS)) {
      throw invalidArgument(`Part number must be an integer between 1 and ${UPLOAD_PARTS}, inclusive`);
    }
    const algorithm = upload.checksum?.algorithm ?? announced?.algorithm;
    if (announced !== undefined && announced.algorithm !== algorithm) throw checksumTypeMismatch(algorithm, announced.algorithm);
    verifyChecksum(body, announced);
    const checksum = algorithm && { algorithm, value: checksumOf(body, algorithm) };
    const part = { partNumber, body, etag: md5Etag(body), lastModified: new Date(), checksum };
    upload.parts.set(partNumber, part);
    return part;
  }

  abort(upload: MultipartUpload): void {
    this.uploads.delete(upload.uploadId);
  }

  /**
   * Creates the object from its parts, if the condition holds and the object matches the client's description. Otherwise nothing changes
   * and the upload stays.
   *
   * @throws NoSuchUpload, NoSuchKey, PreconditionFailed, InvalidPart, InvalidPartOrder, EntityTooSmall, InvalidRequest, BadDigest
   */
  complete(bucket: string, key: string, uploadId: string, request: CompleteRequest): CompletedUpload {
    const before = this.completed.get(uploadId);
    // Not checked again: on S3, a repeated Complete succeeds even if its own object now violates its condition.
    if (this.repeatedComplete === 'succeeds' && before?.bucket === bucket && before.key === key) return before;
    const upload = this.get(bucket, key, uploadId);
    const object = assemble(upload, selectParts(upload, request.parts));
    assertAsAnnounced(upload, object, request);
    this.objects.put(bucket, object, request.condition);
    this.uploads.delete(uploadId);
    const completed = { bucket, key, etag: object.etag, checksum: object.checksum };
    this.completed.set(uploadId, completed);
    return completed;
  }
}

/** The parts that the client lists. */
function selectParts(upload: MultipartUpload, listed: readonly CompletedPart[]): UploadedPart[] {
  if (listed.some(({ partNumber }, index) => index > 0 && partNumber <= listed[index - 1]!.partNumber)) {
    throw new S3Error('InvalidPartOrder', 400,
      'The list of parts was not in ascending order. The parts list must be specified in order by part number.');
  }
  const parts = listed.map((entry) => selectPart(upload, entry));
  if (parts.slice(0, -1).some(({ body }) => body.bytes < PART_MIN_BYTES)) {
    throw new S3Error('EntityTooSmall', 400, 'Your proposed upload is smaller than the minimum allowed size');
  }
  assertConsecutive(upload, listed);
  return parts;
}

function selectPart(upload: MultipartUpload, listed: CompletedPart): UploadedPart {
  const part = upload.parts.get(listed.partNumber);
  const checksumDiffers = listed.checksum !== undefined && listed.checksum !== part?.checksum?.value;
  if (part === undefined || !sameEtag(part.etag, listed.etag) || checksumDiffers) {
    throw new S3Error('InvalidPart', 400, 'One or more of the specified parts could not be found. ' +
      'The part may not have been uploaded, or the specified entity tag may not match the part\'s entity tag.');
  }
  if (upload.checksum?.type === 'COMPOSITE' && listed.checksum === undefined) {
    throw invalidRequest(`The upload was created using a ${upload.checksum.algorithm.toLowerCase()} checksum. The complete request ` +
      `must include the checksum for each part. It was missing for part ${listed.partNumber} in the request.`);
  }
  return part;
}

/** S3 answers 500 if part numbers with checksums have gaps: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompletedPart.html. */
function assertConsecutive(upload: MultipartUpload, listed: readonly CompletedPart[]): void {
  if (upload.checksum !== undefined && listed.some(({ partNumber }, index) => partNumber !== index + 1)) {
    throw new S3Error('InternalError', 500, 'Part numbers of an upload with a checksum must begin at 1 and be consecutive');
  }
}

function assemble(upload: MultipartUpload, parts: readonly UploadedPart[]): StoredObject {
  const body = ObjectBody.concat(parts.map((part) => part.body));
  return {
    key: upload.key,
    body,
    properties: upload.properties,
    etag: uploadEtag(parts.map((part) => part.body)),
    lastModified: new Date(),
    checksum: upload.checksum && { ...upload.checksum, value: wholeChecksum(upload.checksum, body, parts) },
    parts: parts.map((part) => ({ partNumber: part.partNumber, bytes: part.body.bytes, checksum: part.checksum?.value })),
  };
}

function wholeChecksum({ algorithm, type }: Pick<Checksum, 'algorithm' | 'type'>, body: ObjectBody, parts: readonly UploadedPart[]): string {
  if (type === 'FULL_OBJECT') return checksumOf(body, algorithm);
  return compositeChecksum(parts.map((part) => checksumOf(part.body, algorithm)), algorithm);
}

/** @throws InvalidRequest if size or kind of checksum differ from the announced ones, BadDigest if the checksum differs */
function assertAsAnnounced(upload: MultipartUpload, object: StoredObject, { objectBytes, checksum, checksumType }: CompleteRequest): void {
  if (objectBytes !== undefined && objectBytes !== object.body.bytes) {
    throw invalidRequest('The provided \'x-amz-mp-object-size\' header value does not match what was computed ' +
      `(provided ${objectBytes}, computed ${object.body.bytes})`);
  }
  if (checksumType !== undefined && checksumType !== upload.checksum?.type) {
    throw invalidRequest(`The upload was created with the checksum type ${upload.checksum?.type ?? 'null'}, the request says ${checksumType}.`);
  }
  if (checksum === undefined) return;
  if (checksum.algorithm !== object.checksum?.algorithm) throw checksumTypeMismatch(object.checksum?.algorithm, checksum.algorithm);
  if (checksum.value !== object.checksum.value) throw badDigest(checksum.algorithm);
}

function checksumTypeMismatch(expected: string | undefined, actual: string): S3Error {
  const name = (algorithm: string | undefined) => algorithm?.toLowerCase() ?? 'null';
  return invalidRequest(`Checksum Type mismatch occurred, expected checksum Type: ${name(expected)}, actual checksum Type: ${name(actual)}`);
}
