import { LISTING_PAGE } from '../../protocol/limits';
import { StoredObject } from './memory-buckets';
import { Operation } from './operation';
import { element, Markup, sendXml } from './xml';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export const listObjectsV2: Operation = ({ objects }, { bucket, query }, _received, reply) => {
  const { prefix = '', delimiter = '' } = query;
  const token = query['continuation-token'];
  const startAfter = token === undefined ? query['start-after'] ?? '' : Buffer.from(token, 'base64').toString();
  const entries = listEntries(objects.list(bucket, prefix, startAfter), prefix, delimiter, startAfter);
  const maxKeys = Math.min(Number(query['max-keys'] ?? LISTING_PAGE), LISTING_PAGE);
  const page = entries.slice(0, maxKeys);
  const isTruncated = page.length < entries.length;
  sendXml(reply, element('ListBucketResult', [
    element('Name', bucket),
    element('Prefix', prefix),
    delimiter === '' ? undefined : element('Delimiter', delimiter),
    element('KeyCount', page.length),
    element('MaxKeys', maxKeys),
    element('IsTruncated', String(isTruncated)),
    isTruncated ? element('NextContinuationToken', Buffer.from(page.at(-1)?.name ?? startAfter).toString('base64')) : undefined,
    ...page.map(entryElement),
  ]));
};

/** An entry of a listing: an object, or a common prefix of several keys, up to a delimiter. */
interface Entry {
  readonly name: string;
  readonly object?: StoredObject;
}

function listEntries(objects: readonly StoredObject[], prefix: string, delimiter: string, startAfter: string): Entry[] {
  const entries = new Map<string, Entry>();
  for (const object of objects) {
    const end = delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length);
    const entry = end < 0 ? { name: object.key, object } : { name: object.key.slice(0, end + delimiter.length) };
    // The previous page may have ended with a common prefix that includes these keys.
    if (entry.name > startAfter) entries.set(entry.name, entry);
  }
  return [...entries.values()];
}

function entryElement({ name, object }: Entry): Markup {
  if (object === undefined) return element('CommonPrefixes', [element('Prefix', name)]);
  return element('Contents', [
    element('Key', name),
    element('LastModified', object.lastModified.toISOString()),
    element('ETag', object.etag),
    element('Size', object.body.bytes),
    element('StorageClass', 'STANDARD'),
  ]);
}
