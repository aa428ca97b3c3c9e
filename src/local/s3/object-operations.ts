import { announcedChecksum, checksumOf, verifyChecksum } from './checksum';
import { copySource } from './copy-source';
import { md5Etag } from './etag';
import { checksumHeaders, objectProperties } from './object-headers';
import { StoredObject } from './object-store';
import { Operation } from './operation';
import { writeCondition } from './write-condition';
import { element, sendXml } from './xml';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export const putObject: Operation = ({ objects }, { bucket, key, headers }, { body, trailers }, reply) => {
  const announced = announcedChecksum({ ...headers, ...trailers });
  verifyChecksum(body, announced);
  const checksum = announced && { ...announced, type: 'FULL_OBJECT' as const };
  const object = { key, body, checksum, etag: md5Etag(body), lastModified: new Date(), properties: objectProperties(headers) };
  objects.put(bucket, object, writeCondition(headers));
  checksumHeaders(reply, checksum);
  reply.header('etag', object.etag).send();
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export const copyObject: Operation = ({ objects }, { bucket, key, headers }, _received, reply) => {
  const source = copySource(objects, headers);
  const replace = headers['x-amz-metadata-directive'] === 'REPLACE';
  const object: StoredObject = {
    key,
    body: source.body,
    properties: replace ? objectProperties(headers) : source.properties,
    // An object that was assembled is in one piece once it is copied: ETag and checksum are those of its bytes.
    etag: md5Etag(source.body),
    checksum: source.checksum && { ...source.checksum, value: checksumOf(source.body, source.checksum.algorithm), type: 'FULL_OBJECT' },
    lastModified: new Date(),
  };
  objects.put(bucket, object, writeCondition(headers));
  sendXml(reply, element('CopyObjectResult', [
    element('ETag', object.etag),
    element('LastModified', object.lastModified.toISOString()),
  ]));
};
