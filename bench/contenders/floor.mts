import {
  type CompletedPart, CompleteMultipartUploadCommand, CreateMultipartUploadCommand, S3Client, UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { Contender } from './contender.mts';
import { PagedSource } from './paged-source.mts';

const KEY = 'floor/data.jsonl';

const PART_BYTES = 8 * 1024 * 1024;

const PARTS_IN_FLIGHT = 4;

/**
 * The lower bound: every record is serialized to JSON, of which only the length is used, and as many bytes are uploaded from preallocated
 * memory, without checksums or hashes.
 */
export function floor(bucket: string): Contender {
  const client = clientWithoutChecksums();
  const readyMade = Buffer.alloc(PART_BYTES, 'ready-made ');
  return async (size) => {
    const source = new PagedSource(size);
    const upload = await PartUpload.begin(client, bucket);
    let waiting = 0;
    for (let pageNumber = 1; pageNumber <= size.pages; pageNumber++) {
      for (const record of await source.page(pageNumber)) waiting += JSON.stringify(record).length + 1;
      for (; waiting >= PART_BYTES; waiting -= PART_BYTES) await upload.add(readyMade);
    }
    if (waiting > 0) await upload.add(readyMade.subarray(0, waiting));
    await upload.complete();
    return { key: KEY, sourceSeconds: source.seconds };
  };
}

/** A multipart upload, a few parts at once. */
class PartUpload {
  public static async begin(client: S3Client, bucket: string): Promise<PartUpload> {
    const { UploadId: uploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: KEY }));
    return new PartUpload(client, { Bucket: bucket, Key: KEY, UploadId: uploadId! });
  }

  private readonly parts: Promise<CompletedPart>[] = [];
  private readonly onTheWay = new Set<Promise<CompletedPart>>();
  private readonly client: S3Client;
  private readonly upload: { readonly Bucket: string; readonly Key: string; readonly UploadId: string };

  private constructor(client: S3Client, upload: PartUpload['upload']) {
    this.client = client;
    this.upload = upload;
  }

  /** Starts a part as soon as there is room for it. */
  public async add(bytes: Buffer): Promise<void> {
    while (this.onTheWay.size >= PARTS_IN_FLIGHT) await Promise.race(this.onTheWay);
    const part = this.put(this.parts.length + 1, bytes);
    this.parts.push(part);
    this.onTheWay.add(part);
    void part.then(() => this.onTheWay.delete(part), () => {});
  }

  public async complete(): Promise<void> {
    const parts = await Promise.all(this.parts);
    await this.client.send(new CompleteMultipartUploadCommand({ ...this.upload, MultipartUpload: { Parts: parts } }));
  }

  private async put(partNumber: number, bytes: Buffer): Promise<CompletedPart> {
    const reply = await this.client.send(new UploadPartCommand({ ...this.upload, PartNumber: partNumber, Body: bytes }));
    return { PartNumber: partNumber, ETag: reply.ETag };
  }
}

function clientWithoutChecksums(): S3Client {
  const client = new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' });
  client.middlewareStack.add((next) => (args) => {
    const { headers } = args.request as { headers: Record<string, string> };
    headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
    return next(args);
  }, { step: 'build' });
  return client;
}
