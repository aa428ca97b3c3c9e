import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Contender } from './contender.mts';
import { PagedSource } from './paged-source.mts';

const CACHE_KEY = 'classic/cache.json';
const PUBLISHED_KEY = 'classic/data.json';

interface Cache {
  readonly data: object[];
}

/**
 * The loop that everybody writes first: each round reads the whole cache object, appends a page and writes it back; at the end, the data is
 * written to its destination. Here without the state machine and invocations around it.
 */
export function classic(bucket: string): Contender {
  const client = new S3Client({});

  const read = async (): Promise<Cache> => {
    const { Body: body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: CACHE_KEY }));
    return JSON.parse(await body!.transformToString()) as Cache;
  };
  const write = async (key: string, content: Cache | object[]): Promise<void> => {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: JSON.stringify(content) }));
  };

  return async (size) => {
    const source = new PagedSource(size);
    await write(CACHE_KEY, { data: [] });
    for (let pageNumber = 1; pageNumber <= size.pages; pageNumber++) {
      const { data } = await read();
      data.push(...await source.page(pageNumber));
      await write(CACHE_KEY, { data });
    }
    const { data } = await read();
    await write(PUBLISHED_KEY, data);
    return { key: PUBLISHED_KEY, sourceSeconds: source.seconds };
  };
}
