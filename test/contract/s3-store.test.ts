import { InterceptedRequest, Intervention } from '../../src/local/s3/interceptor';
import { LocalObject, LocalS3, startLocalS3 } from '../../src/local/s3/local-s3';
import { PART_MIN_BYTES } from '../../src/protocol/limits';
import { ObjectProperties } from '../../src/runtime/ports/object-store';
import { S3StoreOptions } from '../../src/runtime/store/s3-requests';
import { S3Store } from '../../src/runtime/store/s3-store';
import { objectStoreContract } from './object-store.contract';

function propertiesIn({ contentType, contentEncoding, storageClass, tags, metadata }: LocalObject): ObjectProperties {
  return { contentType, contentEncoding, storageClass, tags: Object.entries(tags).map(([key, value]) => ({ key, value })), metadata };
}

// Thousands of real requests, on machines that do other things meanwhile.
jest.setTimeout(60_000);

/** What a request needs to exist, if anything. */
function neededBy({ operation, bucket, key, headers }: InterceptedRequest): { readonly bucket: string; readonly key: string } | undefined {
  switch (operation) {
    case 'GetObject': case 'HeadObject': return { bucket, key };
    case 'PutObject': case 'CompleteMultipartUpload': return headers['if-match'] === undefined ? undefined : { bucket, key };
    case 'CopyObject': case 'UploadPartCopy': {
      const [from, ...rest] = decodeURIComponent(headers['x-amz-copy-source'] as string).replace(/^\//, '').split('/');
      return { bucket: from!, key: rest.join('/') };
    }
    default: return undefined;
  }
}

/** As S3 answers a caller that may list only keys with a given prefix: 403 for an object that does not exist. */
function deniesWhatIsAbsent(s3: LocalS3, buckets: readonly string[]): (request: InterceptedRequest) => Intervention | undefined {
  return (request) => {
    const needed = neededBy(request);
    if (needed === undefined || ![needed.bucket, request.bucket].every((bucket) => buckets.includes(bucket))) return undefined;
    const exists = s3.list(needed.bucket, needed.key).some(({ key }) => key === needed.key);
    return exists ? undefined : { kind: 'fail', code: 'AccessDenied', status: 403 };
  };
}

describe.each([
  ['the store over S3', false],
  ['the store over an S3 that denies what is absent', true],
])('%s', (_name, isStrict) => {
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
    if (isStrict) s3.intercept(deniesWhatIsAbsent(s3, [bucket, other]));
    const propertiesOf = (key: string): ObjectProperties => propertiesIn(s3.list(bucket, key)[0]!);
    return { store: storeOf(bucket), other: storeOf(other), missing: storeOf('missing'), propertiesOf };
  }, { partBytes: PART_MIN_BYTES });
});
