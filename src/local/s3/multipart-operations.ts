import type { IncomingHttpHeaders } from 'node:http';
import { LISTING_PAGE } from '../../protocol/limits';
import { announcedChecksum, Checksum, requestedChecksum } from './checksum';
import { copyRange, copySource } from './copy-source';
import { CompletedPart, MultipartUpload, UploadedPart } from './multipart-uploads';
import { checksumHeaders, storedProperties } from './object-headers';
import { Operation } from './operation';
import { requestCondition } from './request-condition';
import { S3Error } from './s3-error';
import { S3Request } from './s3-request';
import { element, Markup, sendXml, textOf } from './xml';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html */
export const createMultipartUpload: Operation = ({ uploads }, { bucket, key, headers }, _received, reply) => {
  const checksum = requestedChecksum(headers);
  const uploadId = uploads.create({ bucket, key, properties: storedProperties(headers), checksum });
  if (checksum) reply.header('x-amz-checksum-algorithm', checksum.algorithm).header('x-amz-checksum-type', checksum.type);
  sendXml(reply, element('InitiateMultipartUploadResult', [
    element('Bucket', bucket), element('Key', key), element('UploadId', uploadId),
  ]));
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html */
export const uploadPart: Operation = ({ uploads }, request, { body, trailers }, reply) => {
  const announced = announcedChecksum({ ...request.headers, ...trailers });
  const part = uploads.putPart(uploads.get(...uploadOf(request)), Number(request.query.partNumber), body, announced);
  checksumHeaders(reply, part.checksum);
  reply.header('etag', part.etag).send();
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html */
export const uploadPartCopy: Operation = ({ objects, uploads }, request, _received, reply) => {
  const upload = uploads.get(...uploadOf(request));
  const source = copySource(objects, request.headers);
  const part = uploads.putPart(upload, Number(request.query.partNumber), copyRange(source.body, request.headers['x-amz-copy-source-range']));
  sendXml(reply, element('CopyPartResult', [
    element('ETag', part.etag),
    element('LastModified', part.lastModified.toISOString()),
    checksumElement(part.checksum),
  ]));
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
export const completeMultipartUpload: Operation = ({ uploads }, request, { body }, reply) => {
  const { headers } = request;
  const completed = uploads.complete(...uploadOf(request), {
    parts: completedParts(body.toBuffer().toString()),
    condition: requestCondition(headers),
    objectBytes: numberIn(headers, 'x-amz-mp-object-size'),
    checksum: announcedChecksum(headers),
    checksumType: headers['x-amz-checksum-type']?.toString(),
  });
  sendXml(reply, element('CompleteMultipartUploadResult', [
    element('Location', `http://${headers.host}/${request.bucket}/${encodeURI(request.key)}`),
    element('Bucket', request.bucket),
    element('Key', request.key),
    element('ETag', completed.etag),
    checksumElement(completed.checksum),
    completed.checksum && element('ChecksumType', completed.checksum.type),
  ]));
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html */
export const abortMultipartUpload: Operation = ({ uploads }, request, _received, reply) => {
  uploads.abort(uploads.get(...uploadOf(request)));
  reply.code(204).send();
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html */
export const listParts: Operation = ({ uploads }, request, _received, reply) => {
  const upload = uploads.get(...uploadOf(request));
  const marker = Number(request.query['part-number-marker'] ?? 0);
  const rest = [...upload.parts.values()].filter(({ partNumber }) => partNumber > marker).sort((a, b) => a.partNumber - b.partNumber);
  const page = rest.slice(0, pageSize(request.query['max-parts']));
  sendXml(reply, element('ListPartsResult', [
    element('Bucket', upload.bucket),
    element('Key', upload.key),
    element('UploadId', upload.uploadId),
    element('PartNumberMarker', marker),
    // On the last page too, like S3. Clients that page until there is no marker never end (aws/aws-sdk-go-v2#1100).
    element('NextPartNumberMarker', page.at(-1)?.partNumber ?? 0),
    element('MaxParts', pageSize(request.query['max-parts'])),
    element('IsTruncated', String(page.length < rest.length)),
    element('StorageClass', 'STANDARD'),
    ...checksumKind(upload),
    ...page.map(partElement),
  ]));
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html */
export const listMultipartUploads: Operation = ({ uploads }, { bucket, query }, _received, reply) => {
  const { prefix = '', 'key-marker': keyMarker = '', 'upload-id-marker': idMarker } = query;
  const matching = uploads.list(bucket).filter(({ key }) => key.startsWith(prefix));
  const start = matching.findIndex(({ uploadId }) => uploadId === idMarker) + 1;
  const rest = start > 0 ? matching.slice(start) : matching.filter(({ key }) => key > keyMarker);
  const page = rest.slice(0, pageSize(query['max-uploads']));
  sendXml(reply, element('ListMultipartUploadsResult', [
    element('Bucket', bucket),
    element('Prefix', prefix),
    element('KeyMarker', keyMarker),
    element('UploadIdMarker', idMarker ?? ''),
    element('NextKeyMarker', page.at(-1)?.key ?? ''),
    element('NextUploadIdMarker', page.at(-1)?.uploadId ?? ''),
    element('MaxUploads', pageSize(query['max-uploads'])),
    element('IsTruncated', String(page.length < rest.length)),
    ...page.map(uploadElement),
  ]));
};

function uploadOf({ bucket, key, query }: S3Request): [bucket: string, key: string, uploadId: string] {
  return [bucket, key, query.uploadId ?? ''];
}

/** @throws MalformedXML if no part is listed, or a part has no number or ETag */
function completedParts(document: string): CompletedPart[] {
  const parts = [...document.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, markup = '']) => ({
    partNumber: Number(textOf(markup, 'PartNumber') ?? NaN),
    etag: textOf(markup, 'ETag') ?? '',
    checksum: textOf(markup, 'ChecksumCRC32') ?? textOf(markup, 'ChecksumSHA1') ?? textOf(markup, 'ChecksumSHA256'),
  }));
  if (parts.length === 0 || parts.some(({ partNumber, etag }) => Number.isNaN(partNumber) || etag === '')) {
    throw new S3Error('MalformedXML', 400, 'The XML you provided was not well-formed or did not validate against our published schema');
  }
  return parts;
}

function partElement(part: UploadedPart): Markup {
  return element('Part', [
    element('PartNumber', part.partNumber),
    element('LastModified', part.lastModified.toISOString()),
    element('ETag', part.etag),
    element('Size', part.body.bytes),
    checksumElement(part.checksum),
  ]);
}

function uploadElement(upload: MultipartUpload): Markup {
  return element('Upload', [
    element('Key', upload.key),
    element('UploadId', upload.uploadId),
    element('Initiated', upload.initiated.toISOString()),
    element('StorageClass', 'STANDARD'),
    ...checksumKind(upload),
  ]);
}

function checksumKind({ checksum }: MultipartUpload): Markup[] {
  return checksum ? [element('ChecksumAlgorithm', checksum.algorithm), element('ChecksumType', checksum.type)] : [];
}

function checksumElement(checksum: Omit<Checksum, 'type'> | undefined): Markup | undefined {
  return checksum && element(`Checksum${checksum.algorithm}`, checksum.value);
}

function pageSize(asked: string | undefined): number {
  return Math.min(Number(asked ?? LISTING_PAGE), LISTING_PAGE);
}

function numberIn(headers: IncomingHttpHeaders, name: string): number | undefined {
  return headers[name] === undefined ? undefined : Number(headers[name]);
}
