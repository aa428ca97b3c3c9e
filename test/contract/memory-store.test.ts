import { ObjectProperties } from '../../src/runtime/ports/object-store';
import { MemoryS3 } from '../kit/memory-store';
import { checksumOf, objectStoreContract, placed, put, randomBytes, readText, text } from './object-store.contract';

describe('the store in memory', () => {
  objectStoreContract(async () => {
    const s3 = new MemoryS3({ partMinBytes: 10 });
    const missing = s3.store('missing');
    s3.removeBucket('missing');
    const propertiesOf = (key: string): ObjectProperties => ({ tags: [], ...s3.propertiesOf('bucket', key) });
    return { store: s3.store('bucket'), other: s3.store('other'), missing, propertiesOf };
  }, { partBytes: 10 });

  test('gives all stores of a bucket the same objects', async () => {
    const s3 = new MemoryS3();
    await put(s3.store('bucket'), 'key', text('a'));
    expect(await readText(s3.store('bucket'), 'key')).toBe('a');
    expect(await s3.store('other').read('key')).toBeUndefined();
  });

  test('has the part size of S3 unless told otherwise', async () => {
    const store = new MemoryS3().store('bucket');
    const upload = { key: 'out', uploadId: await store.createUpload('out', {}) };
    const contents = [randomBytes(5 * 1024 * 1024 - 1, 1), text('end')];
    const parts = await Promise.all(contents.map(async (content, index) => {
      return placed(await store.writePart(upload, index + 1, [content], checksumOf(content)));
    }));
    const whole = { bytes: parts[0]!.bytes + 3, crc32: checksumOf(Buffer.concat(contents)) };
    await expect(store.completeUpload(upload, parts, whole, 'absent')).rejects.toMatchObject({ cause: { message: /5242880 bytes/ } });
  });

  test('has the ETags of S3', async () => {
    const store = new MemoryS3({ partMinBytes: 1 }).store('bucket');
    expect((await put(store, 'key', text('abc'))).etag).toBe('"900150983cd24fb0d6963f7d28e17f72"');
    const upload = { key: 'out', uploadId: await store.createUpload('out', {}) };
    const parts = [
      placed(await store.writePart(upload, 1, [text('abc')], checksumOf(text('abc')))),
      placed(await store.writePart(upload, 2, [text('abc')], checksumOf(text('abc')))),
    ];
    await store.completeUpload(upload, parts, { bytes: 6, crc32: checksumOf(text('abcabc')) }, 'absent');
    expect((await store.inspect('out'))!.etag).toBe('"043a916d6cfeecedf5e04f0312ba762d-2"');
  });

  test('sorts keys by their UTF-8 bytes, beyond U+FFFF too', async () => {
    const store = new MemoryS3().store('bucket');
    for (const key of ['\u{1F4E6}', '\uFF5E', 'z', 'ä']) await put(store, key, text('.'));
    const keys: string[] = [];
    for await (const key of store.list('')) keys.push(key);
    expect(keys).toEqual(['z', 'ä', '\uFF5E', '\u{1F4E6}']);
  });

  test('keeps its own copy of what it was given', async () => {
    const store = new MemoryS3().store('bucket');
    const content = text('abc');
    await put(store, 'key', content);
    content.fill(0);
    expect(await readText(store, 'key')).toBe('abc');
  });

  test('applies each call atomically, in its turn', async () => {
    const turns: (() => void)[] = [];
    const store = new MemoryS3({ turn: () => new Promise((resolve) => turns.push(resolve)) }).store('bucket');
    const [first, second] = [store.writeIf('key', text('first'), 'absent'), store.writeIf('key', text('second'), 'absent')];
    turns[1]!();
    expect(await second).toBe('done');
    turns[0]!();
    expect(await first).toBe('refused');
  });
});
