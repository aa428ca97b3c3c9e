import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { BUNDLE_FILE, bundleFolder, LambdaBundle } from '../../src/construct/bundles/lambda-bundle';
import { LocalS3, startLocalS3 } from '../../src/local/s3/local-s3';
import { IntegrityCheck, OnEmpty, TotalMismatch } from '../../src/protocol/choices';
import { ChunkReference } from '../../src/protocol/commit-record';
import { EnvironmentVariable } from '../../src/protocol/environment';
import { encodeFile } from '../../src/protocol/file-format';
import { ImportKeys } from '../../src/protocol/keys';
import { PART_MIN_BYTES } from '../../src/protocol/limits';
import { PersistState } from '../../src/protocol/machine-state';
import { crc32Of, crcOf, EMPTY_CRC, encodeCrc32 } from '../../src/runtime/bytes/crc32';
import { S3Store } from '../../src/runtime/store/s3-store';
import { IMPORT_FILE } from '../kit/import-file';
import { SERIES } from '../kit/series';
import { recordOfChunk } from '../kit/sized-log';

/**
 * The shipped Persist, in a process of its own, publishes a real gigabyte through the local S3 server, which keeps a chunk's bytes once
 * however many chunks are copies of it. `GIGABYTES=20` in the environment makes it more.
 */

const MIB = 1024 * 1024;
const BYTES = Number(process.env.GIGABYTES ?? 1.1) * 1e9;

/** Less than a third of the function's, by default. */
const FUNCTION_BYTES = 512 * MIB;

const SMALL_BYTES = 300_000;
const LARGE_BYTES = 12 * MIB;

/** Chunks as Fetch makes them: now and then small ones, alone or in a row, where the checkpoint was due; the very first one too. */
function isSmall(index: number): boolean {
  return index === 0 || index % 20 === 7 || (index % 40 >= 31 && index % 40 < 34);
}

// A thousand real requests and a gigabyte of checksums, on machines that do other things meanwhile.
jest.setTimeout(BYTES / 1e9 * 120_000);

const KEYS = new ImportKeys(SERIES, IMPORT_FILE.importId);
const [CACHE, DESTINATION] = ['cache-bucket', IMPORT_FILE.destination.bucket];

let s3: LocalS3;
beforeAll(async () => { s3 = await startLocalS3(); });
afterAll(async () => s3.close());

function storeOf(bucket: string): S3Store {
  s3.createBucket(bucket);
  return new S3Store(bucket, { client: { endpoint: s3.endpoint, region: s3.region, credentials: s3.credentials } });
}

/** What a chunk holds: bytes that tell where they belong, and do not repeat within it. */
function contentOf(bytes: number, name: string): Buffer {
  const content = Buffer.alloc(bytes);
  for (let offset = 0; offset < bytes; offset += 16) content.write(`${name}${String(offset).padStart(11, '0')}\n`, offset);
  return content;
}

const CONTENTS = { large: contentOf(LARGE_BYTES, 'larg'), small: contentOf(SMALL_BYTES, 'smal') };

/** A finished import of so many bytes. Resolves with what its object must be. */
async function finishedImport() {
  const cache = storeOf(CACHE);
  storeOf(DESTINATION);
  for (const [name, content] of Object.entries(CONTENTS)) await cache.write(name, [content], crc32Of(content));
  const written = { bytes: 0, crc: EMPTY_CRC, small: 0 };
  for (let index = 0; written.bytes < BYTES; index++) {
    const content = CONTENTS[isSmall(index) ? 'small' : 'large'];
    written.bytes += content.byteLength;
    written.crc = crcOf(content, written.crc);
    written.small += isSmall(index) ? 1 : 0;
    const chunk = await copiedChunk(cache, index, content);
    const record = recordOfChunk(IMPORT_FILE.importId, index, chunk, written.bytes, written.bytes >= BYTES);
    await cache.writeIf(KEYS.commit(index), encodeFile(record), 'absent');
  }
  const times = { startTime: new Date().toISOString(), expiresAt: new Date(Date.now() + 24 * 3600_000).toISOString() };
  await cache.writeIf(KEYS.import, encodeFile({ ...IMPORT_FILE, ...times }), 'absent');
  return written;
}

async function copiedChunk(cache: S3Store, index: number, content: Buffer): Promise<ChunkReference> {
  const source = isSmall(index) ? 'small' : 'large';
  const key = KEYS.chunk(index, 'a0b1c2d3', 'jsonl');
  const { etag, bytes } = (await cache.inspect(source))!;
  await cache.copy(key, { bucket: CACHE, key: source, etag, bytes }, {});
  return { key, etag, crc32: crc32Of(content), bytes, records: 1 };
}

/** Runs the function as Lambda would, and resolves with its answer and the most memory that its process has had. */
async function persist(): Promise<{ readonly result: PersistState; readonly peakBytes: number }> {
  const module = join(bundleFolder(LambdaBundle.PERSIST), BUNDLE_FILE);
  const child = spawn(process.execPath, ['--max-old-space-size=460', join(__dirname, '../../bench/lambda-process.mts'), module], {
    env: {
      ...process.env,
      ...s3.environment,
      [EnvironmentVariable.CACHE_BUCKET]: CACHE,
      [EnvironmentVariable.CACHE_PREFIX]: SERIES.cachePrefix,
      [EnvironmentVariable.SERIES]: SERIES.name,
      [EnvironmentVariable.OWNER]: SERIES.owner,
      [EnvironmentVariable.INTEGRITY_CHECK]: IntegrityCheck.FULL_OBJECT_CRC32,
      [EnvironmentVariable.MIN_RECORDS]: '0',
      [EnvironmentVariable.ON_EMPTY]: OnEmpty.PUBLISH,
      [EnvironmentVariable.ON_TOTAL_MISMATCH]: TotalMismatch.FAIL,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  const { importId, destination, output } = IMPORT_FILE;
  child.stdin.end(JSON.stringify({ importId, destination, output }));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await closed;
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Awaited<ReturnType<typeof persist>>;
}

test('a real gigabyte is published byte for byte, in little memory, and none of its large chunks comes through the process', async () => {
  const expected = await finishedImport();
  s3.resetTraffic();

  const { result, peakBytes } = await persist();

  expect(result).toMatchObject({ importId: IMPORT_FILE.importId, continue: false });
  // The server has computed it from the bytes themselves.
  const summary = await storeOf(DESTINATION).inspect(IMPORT_FILE.destination.key, { checksum: true });
  expect(summary).toMatchObject({ bytes: expected.bytes, crc32: encodeCrc32(expected.crc) });
  const { GetObject: read, UploadPart: uploaded, UploadPartCopy: copied } = s3.traffic();
  // Small chunks, the records of all chunks, and the head of the second chunk, which fills up the first.
  const records = s3.list(CACHE, KEYS.commits).reduce((sum, { bytes }) => sum + bytes, 0);
  expect(read!.bytesSent).toBeLessThan(records + expected.small * SMALL_BYTES + PART_MIN_BYTES + 10_000);
  expect(uploaded!.bytesReceived).toBeLessThan(expected.small * SMALL_BYTES + PART_MIN_BYTES);
  expect(copied!.requests).toBeGreaterThan(expected.bytes / LARGE_BYTES / 2);
  expect(s3.list(CACHE, KEYS.folds).length).toBeGreaterThan(5);
  expect(peakBytes).toBeLessThan(FUNCTION_BYTES / 2);
  if (process.env.GIGABYTES !== undefined) console.log(JSON.stringify({ ...expected, peakBytes, traffic: s3.traffic() }, undefined, 1));
});
