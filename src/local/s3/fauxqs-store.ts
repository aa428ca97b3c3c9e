import { buildApp } from 'fauxqs';
import { MemoryBuckets, StoredObject } from './memory-buckets';
import { notImplemented } from './s3-error';

type AppOptions = NonNullable<Parameters<typeof buildApp>[0]>;
type FauxqsStore = NonNullable<AppOptions['stores']>['s3Store'];
type FauxqsObject = ReturnType<FauxqsStore['headObject']>;

/**
 * Our store as fauxqs' routes use it. fauxqs answers what it answers correctly (buckets, reads and deletes) from the objects that our own
 * operations write. Anything else is refused.
 */
export function fauxqsStore(objects: MemoryBuckets): AppOptions['stores'] {
  const adapter: Partial<FauxqsStore> = {
    createBucket: (name) => objects.createBucket(name),
    hasBucket: (name) => objects.hasBucket(name),
    listBuckets: () => objects.listBuckets(),
    deleteBucket: (name) => objects.deleteBucket(name),
    headObject: (bucket, key) => fauxqsObject(objects.get(bucket, key)),
    getObject: (bucket, key) => withBytes(objects.get(bucket, key)),
    deleteObject: (bucket, key) => objects.delete(bucket, key),
    deleteObjects: (bucket, keys) => keys.map((key) => {
      objects.delete(bucket, key);
      return key;
    }),
  };
  // fauxqs accepts external stores but exports no type for a partial one.
  return { s3Store: refusingTheRest(adapter) } as AppOptions['stores'];
}

/** fauxqs looks for these but does not need them. */
const OPTIONAL = new Set<string | symbol>(['spy', 'persistence', 'relaxedRules']);

function refusingTheRest(adapter: Partial<FauxqsStore>): Partial<FauxqsStore> {
  return new Proxy(adapter, {
    get: (target, name) => {
      if (name in target || OPTIONAL.has(name)) return Reflect.get(target, name);
      throw notImplemented(String(name));
    },
  });
}

function fauxqsObject(object: StoredObject): FauxqsObject {
  const { properties, checksum, parts = [] } = object;
  return {
    ...properties,
    key: object.key,
    // Headers need no bytes.
    body: Buffer.alloc(0),
    contentLength: object.body.bytes,
    etag: object.etag,
    lastModified: object.lastModified,
    metadata: properties.metadata,
    ...(checksum && { checksumAlgorithm: checksum.algorithm, checksumValue: checksum.value, checksumType: checksum.type }),
    ...(object.parts && { parts: partOffsets(parts), partChecksums: parts.map((part) => part.checksum ?? '') }),
  };
}

function withBytes(object: StoredObject): FauxqsObject {
  return { ...fauxqsObject(object), body: object.body.toBuffer() };
}

function partOffsets(parts: NonNullable<StoredObject['parts']>): NonNullable<FauxqsObject['parts']> {
  let offset = 0;
  return parts.map(({ partNumber, bytes }) => {
    const part = { partNumber, offset, length: bytes };
    offset += bytes;
    return part;
  });
}
