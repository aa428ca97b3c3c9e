import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { Contender, ImportSize } from './contender.mts';
import { PagedSource } from './paged-source.mts';

const KEY = 'hand-written/data.jsonl';

/**
 * The best hand-written import for a process without limits: pages go line by line into a streaming upload, with the plain SDK. If the
 * process dies, nothing is left.
 */
export function handWritten(bucket: string): Contender {
  const client = new S3Client({});
  return async (size) => {
    const source = new PagedSource(size);
    const body = Readable.from(pagesOfLines(source, size));
    await new Upload({ client, params: { Bucket: bucket, Key: KEY, Body: body } }).done();
    return { key: KEY, sourceSeconds: source.seconds };
  };
}

async function* pagesOfLines(source: PagedSource, { pages }: ImportSize): AsyncGenerator<string> {
  for (let pageNumber = 1; pageNumber <= pages; pageNumber++) {
    let lines = '';
    for (const record of await source.page(pageNumber)) lines += JSON.stringify(record) + '\n';
    yield lines;
  }
}
