import { Readable } from 'node:stream';
import { ServerSideEncryption } from '../../../src/protocol/choices';
import { ObjectStore } from '../../../src/runtime/ports/object-store';
import { S3Store } from '../../../src/runtime/store/s3-store';
import { collect } from '../../kit/collect';

/** The headers that a bucket's owner demands, on the wire. */

interface Sent {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
}

const sent: Sent[] = [];

const BODY = '<Result><UploadId>u</UploadId><ETag>"e"</ETag></Result>';

/** Answers everything with the same success. */
const requestHandler = {
  handle: async (request: Sent) => {
    sent.push(request);
    const headers = { 'etag': '"e"', 'content-length': String(BODY.length) };
    return { response: { statusCode: 200, headers, body: Readable.from([BODY]) } as never };
  },
};

function storeWith(requests: ConstructorParameters<typeof S3Store>[1] = {}): S3Store {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  return new S3Store('bucket', { ...requests, client: { region: 'eu-west-1', credentials, requestHandler } });
}

const BYTES = Buffer.from('x');
const CRC32 = 'jNwfgw==';
const SOURCE = { bucket: 'cache', key: 'chunk', etag: '"e"', bytes: 1 };
const UPLOAD = { key: 'key', uploadId: 'u' };

const MAKING: [string, (store: ObjectStore) => Promise<unknown>][] = [
  ['write', async (store) => store.write('key', [BYTES], CRC32)],
  ['writeIf', async (store) => store.writeIf('key', BYTES, 'absent')],
  ['copy', async (store) => store.copy('key', SOURCE, {})],
  ['createUpload', async (store) => store.createUpload('key', {})],
];

const OTHERS: [string, (store: ObjectStore) => Promise<unknown>][] = [
  ['read', async (store) => store.read('key')],
  ['inspect', async (store) => store.inspect('key')],
  ['list', async (store) => collect(store.list('prefix'))],
  ['delete', async (store) => store.delete(['key'])],
  ['writePart', async (store) => store.writePart(UPLOAD, 1, [BYTES], CRC32)],
  ['copyPart', async (store) => store.copyPart(UPLOAD, 1, SOURCE)],
  ['listParts', async (store) => store.listParts(UPLOAD)],
  ['completeUpload', async (store) => store.completeUpload(UPLOAD, [], { bytes: 1, crc32: CRC32 }, 'absent')],
  ['abortUpload', async (store) => store.abortUpload(UPLOAD)],
];

const ENCRYPTION = ['x-amz-server-side-encryption', 'x-amz-server-side-encryption-aws-kms-key-id', 'x-amz-server-side-encryption-bucket-key-enabled'];

function headersOf(names: readonly string[]): (string | undefined)[] {
  return names.map((name) => sent[0]!.headers[name]);
}

beforeEach(() => { sent.length = 0; });

const requests = {
  serverSideEncryption: ServerSideEncryption.KMS, encryptionKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/1', bucketKeyEnabled: true, requesterPays: true,
};

test.each(MAKING)('%s asks for the encryption', async (_, work) => {
  await work(storeWith({ requests }));

  expect(headersOf(ENCRYPTION)).toEqual(['aws:kms', 'arn:aws:kms:eu-west-1:123456789012:key/1', 'true']);
});

test.each(OTHERS)('%s does not: S3 would refuse it', async (_, work) => {
  await work(storeWith({ requests }));

  expect(headersOf(ENCRYPTION)).toEqual([undefined, undefined, undefined]);
});

test.each([...MAKING, ...OTHERS])('%s says who pays', async (_, work) => {
  await work(storeWith({ requests }));

  expect(headersOf(['x-amz-request-payer'])).toEqual(['requester']);
});

test.each([...MAKING, ...OTHERS])('%s has none of these headers by default', async (_, work) => {
  await work(storeWith());

  expect(headersOf([...ENCRYPTION, 'x-amz-request-payer'])).toEqual([undefined, undefined, undefined, undefined]);
});
