import { gzipSync } from 'node:zlib';
import { HttpDecoder, HttpSettings } from '../../../src/protocol/http-settings';
import { HttpSource } from '../../../src/source/http/http-source';
import { Answer, recordsOf, requestFor, ScriptedServer, sourceAt, TestTools } from './kit';

/** Responses that are compressed files, whatever their headers say. */

const DATA = '[{"id":1,"name":"Zoë"}]';

/** Written by Python's zipfile, and the one with a password by Info-ZIP: none of our parts. */
const ZIP = {
  deflated: file('UEsDBBQAAAAIAAAAIVwAAAAAAgAAAAAAAAARAAAAX19NQUNPU1gvLl9hLmpzb24DAFBLAwQUAAAACAAAACFcAAAAAAIAAAAAAAAABwAAAGV4cG9ydC8DAFBLAwQUAAAACAAAACFc'
    + 'Wkr6tRoAAAAYAAAADQAAAGV4cG9ydC9hLmpzb26LrlbKTFGyMtRRykvMTVWyUorKP7xaqTYWAFBLAQIUAxQAAAAIAAAAIVwAAAAAAgAAAAAAAAARAAAAAAAAAAAAAACAAQAAAABfX01B'
    + 'Q09TWC8uX2EuanNvblBLAQIUAxQAAAAIAAAAIVwAAAAAAgAAAAAAAAAHAAAAAAAAAAAAAACAATEAAABleHBvcnQvUEsBAhQDFAAAAAgAAAAhXFpK+rUaAAAAGAAAAA0AAAAAAAAAAAAA'
    + 'AIABWAAAAGV4cG9ydC9hLmpzb25QSwUGAAAAAAMAAwCvAAAAnQAAAAAA'),
  stored: file('UEsDBBQAAAAAAAAAIVxaSvq1GAAAABgAAAAGAAAAYS5qc29uW3siaWQiOjEsIm5hbWUiOiJab8OrIn1dUEsBAhQDFAAAAAAAAAAhXFpK+rUYAAAAGAAAAAYAAAAAAAAAAAAAAIABAAAA'
    + 'AGEuanNvblBLBQYAAAAAAQABADQAAAA8AAAAAAA='),
  twoFiles: file('UEsDBBQAAAAIAAAAIVwAAAAAAgAAAAAAAAABAAAAYQMAUEsDBBQAAAAIAAAAIVwAAAAAAgAAAAAAAAABAAAAYgMAUEsBAhQDFAAAAAgAAAAhXAAAAAACAAAAAAAAAAEAAAAAAAAAAAAA'
    + 'AIABAAAAAGFQSwECFAMUAAAACAAAACFcAAAAAAIAAAAAAAAAAQAAAAAAAAAAAAAAgAEhAAAAYlBLBQYAAAAAAgACAF4AAABCAAAAAAA='),
  spaces100000: file('UEsDBBQAAAAIAAAAIVwt8HnKcwAAAKCGAQAGAAAAYS5qc29u7cExAQAAAMKgKuuf0hoeQAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
    + 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACvBlBLAQIUAxQAAAAIAAAAIVwt8HnKcwAAAKCGAQAGAAAAAAAAAAAAAACAAQAAAABhLmpzb25QSwUG'
    + 'AAAAAAEAAQA0AAAAlwAAAAAA'),
  withPassword: file('UEsDBAoACQAAAG2LgV0pu0wNDgAAAAIAAAAGAAAAYS5qc29uIHrf4aSGb7sIlvyX0u5QSwcIKbtMDQ4AAAACAAAAUEsBAh4DCgAJAAAAbYuBXSm7TA0OAAAAAgAAAAYAAAAAAAAAAQAAAKSBAAAAAGEuanNvblBLBQYAAAAAAQABADQAAABCAAAAAAA='),
};

function file(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}

let server: ScriptedServer;
let given: Answer;
let tools: TestTools;

beforeAll(async () => { server = await ScriptedServer.start(() => given); });
afterAll(async () => server.close());
beforeEach(() => { tools = new TestTools(); });

function source(settings: Partial<HttpSettings> = {}): HttpSource {
  return sourceAt({ url: `${server.origin}/export`, pagination: { style: 'single' }, ...settings }, tools);
}

test.each<[string, Answer]>([
  ['gzip', { headers: { 'content-type': 'application/gzip' }, body: gzipSync(DATA) }],
  ['gzip, compressed once more on the way', { headers: { 'content-encoding': 'gzip' }, body: gzipSync(gzipSync(DATA)) }],
  ['zip, beside a folder and what macOS adds', { headers: { 'content-type': 'application/zip' }, body: ZIP.deflated }],
  ['zip without compression', { headers: { 'content-type': 'application/octet-stream' }, body: ZIP.stored }],
])('%s is read', async (_, answer) => {
  given = answer;

  expect(await recordsOf(source())).toEqual([{ id: 1, name: 'Zoë' }]);
});

test('it may have any format', async () => {
  given = { body: gzipSync('id,name\n1,Zoë\n') };

  expect(await recordsOf(source({ decoder: HttpDecoder.CSV }))).toEqual([{ id: '1', name: 'Zoë' }]);
});

function changed(zip: Buffer, offset: number): Buffer {
  const copy = Buffer.from(zip);
  copy[offset]! ^= 1;
  return copy;
}

/** Of the file in `stored`: its header is 30 bytes, its name 6. */
const FIRST_BYTE = 36;

test.each<[string, Buffer, string | RegExp]>([
  ['gzip that is cut off', gzipSync(DATA).subarray(0, 30), 'unexpected end of file'],
  ['gzip that was changed', changed(gzipSync(DATA), gzipSync(DATA).length - 5), 'incorrect data check'],
  ['zip that is cut off', ZIP.stored.subarray(0, 100), /zip/i],
  ['zip that was changed', changed(ZIP.stored, FIRST_BYTE), 'the file in the response, a zip file, does not have its checksum'],
  ['zip with two files', ZIP.twoFiles, 'the response is a zip file with 2 files; it must have one'],
  ['zip with a password', ZIP.withPassword, 'the response is a zip file that needs a password'],
])('%s fails', async (_, body, message) => {
  given = { body };

  await expect(source().fetchPage(requestFor())).rejects.toThrow(message);
});

test.each<[string, Buffer]>([['gzip', gzipSync(' '.repeat(100_000))], ['zip', ZIP.spaces100000]])('%s that becomes a large file is stopped', async (_, body) => {
  given = { body };

  await expect(source({ maxResponseBytes: 1000 }).fetchPage(requestFor())).rejects.toMatchObject({
    name: 'NonRetryableError', message: expect.stringMatching(/^the response has more than 1000 bytes/) as string,
  });
});
