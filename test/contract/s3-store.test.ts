import { LocalObject, startLocalS3 } from '../../src/local/s3/local-s3';
import { PART_MIN_BYTES } from '../../src/protocol/limits';
import { ObjectProperties } from '../../src/runtime/ports/object-store';
import { S3Store, S3StoreOptions } from '../../src/runtime/store/s3-store';
import { objectStoreContract } from './object-store.contract';

function propertiesIn({ contentType, contentEncoding, storageClass, tags, metadata }: LocalObject): ObjectProperties {
  return { contentType, contentEncoding, storageClass, tags: Object.entries(tags).map(([key, value]) => ({ key, value })), metadata };
}

// Thousands of real requests, on machines that do other things meanwhile.
jest.setTimeout(60_000);

describe('the store over S3', () => {
  let s3: Awaited<ReturnType<typeof startLocalS3>>;
  let buckets = 0;
  beforeAll(async () => {
    s3 = await startLocalS3();
  });
  afterAll(async () => s3.close());

  function storeOf(bucket: string, options: S3StoreOptions = {}): S3Store {
    return new S3Store(bucket, { ...options, client: { endpoint: s3.endpoint, region: s3.region, credentials: s3.credentials } });
  }

  objectStoreContract(async () => {
    buckets += 1;
    const [bucket, other] = [`bucket-${buckets}`, `other-${buckets}`];
    s3.createBucket(bucket);
    s3.createBucket(other);
    const propertiesOf = (key: string): ObjectProperties => propertiesIn(s3.list(bucket, key)[0]!);
    return { store: storeOf(bucket), other: storeOf(other), missing: storeOf('missing'), propertiesOf };
  }, { partBytes: PART_MIN_BYTES });
});
