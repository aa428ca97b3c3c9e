import type { IncomingHttpHeaders } from 'node:http';
import { announcedChecksum, Checksum, checksumOf, requestedChecksum, verifyChecksum } from './checksum';
import { copySource } from './copy-source';
import { md5Etag } from './etag';
import { StoredProperties, StoredObject } from './memory-buckets';
import { checksumHeaders, storedProperties } from './object-headers';
import { Operation } from './operation';
import { requestCondition } from './request-condition';
import { element, sendXml } from './xml';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export const putObject: Operation = ({ objects }, { bucket, key, headers }, { body, trailers }, reply) => {
  const announced = announcedChecksum({ ...headers, ...trailers });
  verifyChecksum(body, announced);
  const checksum = announced && { ...announced, type: 'FULL_OBJECT' as const };
  const object = { key, body, checksum, etag: md5Etag(body), lastModified: new Date(), properties: storedProperties(headers) };
  objects.put(bucket, object, requestCondition(headers));
  checksumHeaders(reply, checksum);
  reply.header('etag', object.etag).send();
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export const copyObject: Operation = ({ objects }, { bucket, key, headers }, _received, reply) => {
  const source = copySource(objects, headers);
  const checksum = copiedChecksum(source, headers);
  const object: StoredObject = {
    key,
    body: source.body,
    properties: copiedProperties(source, headers),
    // A copy of an assembled object is in one piece: ETag and checksum are those of its bytes.
    etag: md5Etag(source.body),
    checksum,
    lastModified: new Date(),
  };
  objects.put(bucket, object, requestCondition(headers));
  sendXml(reply, element('CopyObjectResult', [
    element('ETag', object.etag),
    element('LastModified', object.lastModified.toISOString()),
    checksum && element(`Checksum${checksum.algorithm}`, checksum.value),
  ]));
};

/** A directive says what replaces the source's properties. The storage class is never copied. */
function copiedProperties({ properties }: StoredObject, headers: IncomingHttpHeaders): StoredProperties {
  const given = storedProperties(headers);
  const kept = headers['x-amz-metadata-directive'] === 'REPLACE' ? given : properties;
  const tags = headers['x-amz-tagging-directive'] === 'REPLACE' ? given.tags : properties.tags;
  return { ...kept, tags, storageClass: given.storageClass };
}

/** With the requested algorithm, or else the source's. */
function copiedChecksum({ checksum, body }: StoredObject, headers: IncomingHttpHeaders): Checksum | undefined {
  const algorithm = requestedChecksum(headers)?.algorithm ?? checksum?.algorithm;
  return algorithm && { algorithm, value: checksumOf(body, algorithm), type: 'FULL_OBJECT' };
}
