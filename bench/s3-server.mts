/**
 * The S3 server that all contenders share, in a separate process: `node s3-server.mts <assembly> <minimum bytes of a part>`. Answers each
 * message with one.
 */
import { LocalCloud } from 'cdk-paginated-import/local';
import type { InterceptedRequest, LocalS3 } from 'cdk-paginated-import/local';
import type { ChunkReads, S3Answer, S3Question } from './s3-process.ts';

/** Folder of the chunks, below their import's prefix. */
const CHUNKS = '/data/';

/** Counts the bytes of chunks that are read: each of them moves through a process. */
class ChunkReadCounter {
  public counts: ChunkReads = { ofCopyable: 0, ofSmaller: 0 };
  private readonly s3: LocalS3;
  private readonly partMinBytes: number;

  /** @param partMinBytes minimum size of a chunk that S3 can copy as a part */
  constructor(s3: LocalS3, partMinBytes: number) {
    this.s3 = s3;
    this.partMinBytes = partMinBytes;
  }

  public reset(): void {
    this.counts = { ofCopyable: 0, ofSmaller: 0 };
  }

  public note({ operation, bucket, key, headers }: InterceptedRequest): undefined {
    if (operation !== 'GetObject' || !key.includes(CHUNKS)) return;
    const size = sizeOf(this.s3, bucket, key) ?? 0;
    const bytes = rangeBytes(headers.range) ?? size;
    const { ofCopyable, ofSmaller } = this.counts;
    this.counts = size >= this.partMinBytes ? { ofCopyable: ofCopyable + bytes, ofSmaller } : { ofCopyable, ofSmaller: ofSmaller + bytes };
  }
}

function answer(question: S3Question, s3: LocalS3, reads: ChunkReadCounter): S3Answer | Promise<S3Answer> {
  switch (question.kind) {
    case 'count-anew':
      s3.resetTraffic();
      reads.reset();
      return {};
    case 'counts':
      return { counts: { traffic: s3.traffic(), chunkReads: reads.counts } };
    case 'bytes-of':
      return { bytes: sizeOf(s3, question.bucket, question.key) };
    case 'clear':
      return clear(s3, question.bucket);
  }
}

function sizeOf(s3: LocalS3, bucket: string, key: string): number | undefined {
  return s3.list(bucket, key).find((object) => object.key === key)?.bytes;
}

/** Deletes a contender's objects, so that they do not affect the next one. */
async function clear(s3: LocalS3, bucket: string): Promise<S3Answer> {
  for (const { key } of s3.list(bucket)) await fetch(`${s3.endpoint}/${bucket}/${key}`, { method: 'DELETE' });
  globalThis.gc?.();
  return {};
}

/** The length of a range with both ends, the only kind that the functions request. */
function rangeBytes(range: string | undefined): number | undefined {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
  return first === undefined ? undefined : Number(last) - Number(first) + 1;
}

const [, , assembly, partMinBytes] = process.argv;
const { s3 } = await LocalCloud.start({ assembly: assembly! });
const reads = new ChunkReadCounter(s3, Number(partMinBytes));
s3.intercept((request) => reads.note(request));
process.on('message', (question: S3Question) => void Promise.resolve(answer(question, s3, reads)).then((reply) => process.send!(reply)));
process.on('disconnect', () => process.exit());
process.send!({ environment: s3.environment });
