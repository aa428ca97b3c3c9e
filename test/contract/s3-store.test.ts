import { startLocalS3 } from '../../src/local/s3/local-s3';
import { PART_MIN_BYTES } from '../../src/protocol/limits';
import { S3Store, S3StoreOptions } from '../../src/runtime/store/s3-store';
import { objectStoreContract } from './object-store.contract';

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
    s3.createBucket(`bucket-${buckets}`);
    s3.createBucket(`other-${buckets}`);
    return { store: storeOf(`bucket-${buckets}`), other: storeOf(`other-${buckets}`), missing: storeOf('missing') };
  }, { partBytes: PART_MIN_BYTES });
});
