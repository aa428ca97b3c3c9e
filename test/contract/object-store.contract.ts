import { crc32 } from 'node:zlib';
import { BucketNotFoundError, StoreUnavailableError } from '../../src/protocol/errors';
import { encodeCrc32 } from '../../src/runtime/bytes/crc32';
import {
  CompleteOutcome, ConditionalOutcome, CopySource, ObjectProperties, ObjectStore, PartOutcome, UploadPart, UploadReference, WriteCondition,
} from '../../src/runtime/ports/object-store';

/** What a store says of a request that is invalid whenever it is made. S3's names for that decide whether it is retried. */
const INVALID_REQUEST = /^S3 (?:refused|did not complete) /;

/** Subjects of the contract: stores of one S3, new for each test. */
export interface ContractSubject {
  readonly store: ObjectStore;
  /** A store of another bucket. */
  readonly other: ObjectStore;
  /** A store of a bucket that does not exist. */
  readonly missing: ObjectStore;
  /** Properties of an object of `store`: the port only writes them. */
  propertiesOf(key: string): ObjectProperties;
}

/** Every property of an object, with tags that need care in a header. */
const PROPERTIES: ObjectProperties = {
  contentType: 'text/csv; charset=utf-8',
  contentEncoding: 'gzip',
  storageClass: 'STANDARD_IA',
  tags: [{ key: 'team', value: 'data' }, { key: 'a b', value: 'c=d&e+f/g:@' }, { key: 'empty', value: '' }],
  metadata: { 'import-id': 'x' },
};

export interface ContractOptions {
  /** Minimum bytes of a part that is not the last one. */
  readonly partBytes: number;
  /**
   * Whether assembled objects can be read. If not, their size and CRC32 are compared instead.
   * @default true
   */
  readonly readsAssembled?: boolean;
}

/** More than one page of a listing, in S3. */
const MANY = 1_100;

/** Keys that need care in URLs, in headers and in XML. */
const SPECIAL_KEYS = [
  'a b/with space.jsonl', 'plus+plus', 'per%20cent', 'question?mark=1&and=2', 'hash#tag', 'quote"\'s', 'less<than>', 'semi;colon,comma:@$=',
  'brackets[0]{1}', 'stars*(and)!~', 'tilde~dot.', 'umlaut-äöü', 'kanji-取込', 'emoji-\u{1F4E6}', '007', '1e3', 'double//slash',
  'slash/at/end/',
];

/** The promises of the store port, each as a test. */
export function objectStoreContract(
  open: () => Promise<ContractSubject>, { partBytes, readsAssembled = true }: ContractOptions,
): void {
  let store: ObjectStore;
  let other: ObjectStore;
  let missing: ObjectStore;
  let propertiesOf: ContractSubject['propertiesOf'];
  beforeEach(async () => {
    ({ store, other, missing, propertiesOf } = await open());
  });

  /** An upload with its parts in place, and the object that it makes. */
  async function uploadOf(key: string, ...contents: Buffer[]): Promise<Prepared> {
    const upload = { key, uploadId: await store.createUpload(key, { contentType: 'text/plain', metadata: { whose: key } }) };
    const parts: UploadPart[] = [];
    for (const content of contents) {
      parts.push(placed(await store.writePart(upload, parts.length + 1, [content], checksumOf(content))));
    }
    return { upload, parts, content: Buffer.concat(contents) };
  }

  function complete({ upload, parts, content }: Prepared, condition: WriteCondition = 'absent'): Promise<CompleteOutcome> {
    return store.completeUpload(upload, parts, { bytes: content.byteLength, crc32: checksumOf(content) }, condition);
  }

  async function checksumIn(key: string): Promise<string | undefined> {
    return readsAssembled ? checksumOf((await store.read(key))!) : (await store.inspect(key, { checksum: true }))!.crc32;
  }

  async function expectAssembled(key: string, content: Buffer): Promise<void> {
    expect(await store.inspect(key)).toMatchObject({ bytes: content.byteLength });
    expect(await checksumIn(key)).toBe(checksumOf(content));
    if (readsAssembled) expect(Buffer.compare((await store.read(key))!, content)).toBe(0);
  }

  describe('read', () => {
    test('gives the bytes that were written', async () => {
      const content = randomBytes(70_000, 1);
      await put(store, 'key', content);
      expect(Buffer.from((await store.read('key'))!)).toEqual(content);
    });

    test('gives an empty array, not undefined, for an empty object', async () => {
      await put(store, 'empty', Buffer.alloc(0));
      expect(await store.read('empty')).toHaveLength(0);
    });

    test('gives undefined where there is no object', async () => {
      await put(store, 'key/below', text('other'));
      expect(await store.read('key')).toBeUndefined();
    });

    test('sees every write that was acknowledged before it began', async () => {
      for (let round = 0; round < 20; round++) {
        await put(store, 'key', text(`round ${round}`));
        expect(await readText(store, 'key')).toBe(`round ${round}`);
      }
    });

    test('gives bytes that are the caller\'s own', async () => {
      await put(store, 'key', text('abc'));
      (await store.read('key'))!.fill(0);
      expect(await readText(store, 'key')).toBe('abc');
    });

    test('refuses a bucket that does not exist', async () => {
      await expect(missing.read('key')).rejects.toThrow(BucketNotFoundError);
    });
  });

  describe('readRange', () => {
    test('gives the bytes that are asked for, from the first to the last', async () => {
      const content = randomBytes(70_000, 1);
      await put(store, 'key', content);
      for (const [offset, bytes] of [[0, 1], [0, 70_000], [1, 65_536], [69_999, 1]] as const) {
        expect(Buffer.compare((await store.readRange('key', { offset, bytes }))!, content.subarray(offset, offset + bytes))).toBe(0);
      }
    });

    test('gives fewer if the object ends inside the range', async () => {
      await put(store, 'key', text('12345'));
      expect(Buffer.from((await store.readRange('key', { offset: 3, bytes: 100 }))!).toString()).toBe('45');
    });

    if (readsAssembled) {
      test('crosses the parts of an assembled object', async () => {
        const content = randomBytes(partBytes + 10, 2);
        await complete(await uploadOf('key', content.subarray(0, partBytes), content.subarray(partBytes)));
        const range = (await store.readRange('key', { offset: partBytes - 3, bytes: 6 }))!;
        expect(Buffer.compare(range, content.subarray(partBytes - 3, partBytes + 3))).toBe(0);
      });
    }

    test('gives bytes that are the caller\'s own', async () => {
      await put(store, 'key', text('abc'));
      (await store.readRange('key', { offset: 0, bytes: 2 }))!.fill(0);
      expect(await readText(store, 'key')).toBe('abc');
    });

    test('gives undefined where there is no object', async () => {
      expect(await store.readRange('key', { offset: 0, bytes: 1 })).toBeUndefined();
    });

    test('refuses a bucket that does not exist', async () => {
      await expect(missing.readRange('key', { offset: 0, bytes: 1 })).rejects.toThrow(BucketNotFoundError);
    });
  });

  describe('checkAccess', () => {
    test('changes nothing, whether there is an object or not', async () => {
      await store.writeIf('key', text('12345'), 'absent');
      const before = await store.inspect('key');
      await store.checkAccess('key');
      await store.checkAccess('nothing');

      expect(await store.inspect('key')).toEqual(before);
      expect(await store.inspect('nothing')).toBeUndefined();
    });

    test('refuses a bucket that does not exist', async () => {
      await expect(missing.checkAccess('key')).rejects.toThrow(BucketNotFoundError);
    });
  });

  describe('inspect', () => {
    test('gives the ETag of the receipt, size and metadata', async () => {
      await store.writeIf('key', text('12345'), 'absent', { contentType: 'text/plain', metadata: { 'import-id': 'abc', 'other': 'x y' } });
      const summary = (await store.inspect('key'))!;
      expect(summary).toMatchObject({ bytes: 5, metadata: { 'import-id': 'abc', 'other': 'x y' } });
      expect(summary.etag).toMatch(/^".+"$/);
    });

    test('gives no metadata of an object that has none', async () => {
      const receipt = await put(store, 'key', text('12345'));
      expect(await store.inspect('key')).toEqual({ etag: receipt.etag, bytes: 5, metadata: {} });
    });

    test('gives the CRC32 on request, also for a copy', async () => {
      await put(store, 'key', text('12345'));
      await store.copy('copy', await sourceOf(store, 'key'), {});
      expect(await store.inspect('key', { checksum: true })).toMatchObject({ bytes: 5, crc32: checksumOf(text('12345')) });
      expect(await store.inspect('copy', { checksum: true })).toMatchObject({ bytes: 5, crc32: checksumOf(text('12345')) });
      expect(await store.inspect('nothing', { checksum: true })).toBeUndefined();
    });

    test('gives undefined where there is no object', async () => {
      expect(await store.inspect('key')).toBeUndefined();
    });

    test('refuses a bucket that does not exist', async () => {
      await expect(missing.inspect('key')).rejects.toThrow(BucketNotFoundError);
    });
  });

  describe('write', () => {
    test('joins the pieces, and acknowledges ETag, size and CRC32', async () => {
      const pieces = [text('one,'), text(''), text('two,'), randomBytes(200_000, 2), text('three')];
      const content = Buffer.concat(pieces);
      const receipt = await store.write('key', pieces, checksumOf(content));
      expect(receipt).toEqual({ etag: (await store.inspect('key'))!.etag, bytes: content.byteLength, crc32: checksumOf(content) });
      expect(Buffer.from((await store.read('key'))!)).toEqual(content);
    });

    test('takes thousands of small pieces', async () => {
      const pieces = Array.from({ length: 5_000 }, (_, index) => text(`record ${index}\n`));
      await store.write('key', pieces, checksumOf(Buffer.concat(pieces)));
      expect(await readText(store, 'key')).toBe(pieces.join(''));
    });

    test('takes views into larger buffers', async () => {
      const large = text('0123456789');
      await store.write('key', [large.subarray(2, 4), new Uint8Array(large.buffer, large.byteOffset + 6, 2)], checksumOf(text('2367')));
      expect(await readText(store, 'key')).toBe('2367');
    });

    test('takes no pieces', async () => {
      const receipt = await store.write('key', [], checksumOf(Buffer.alloc(0)));
      expect(receipt).toMatchObject({ bytes: 0, crc32: 'AAAAAA==' });
      expect(await store.inspect('key')).toMatchObject({ bytes: 0 });
    });

    test('replaces what is there', async () => {
      const { etag } = await put(store, 'key', text('old'));
      expect((await put(store, 'key', text('new'))).etag).not.toBe(etag);
      expect(await readText(store, 'key')).toBe('new');
    });

    test('writes nothing when the bytes have another CRC32', async () => {
      await put(store, 'key', text('old'));
      await expect(store.write('key', [text('new')], checksumOf(text('something else')))).rejects.toThrow(StoreUnavailableError);
      expect(await readText(store, 'key')).toBe('old');
    });

    test('refuses a bucket that does not exist', async () => {
      await expect(put(missing, 'key', text('a'))).rejects.toThrow(BucketNotFoundError);
    });
  });

  test.each(SPECIAL_KEYS)('takes the key %s everywhere', async (key) => {
    await put(other, key, text('source'));
    await store.writeIf(key, text('first'), 'absent');
    await put(store, key, text('second'));
    expect(await readText(store, key)).toBe('second');
    expect(Buffer.from((await store.readRange(key, { offset: 1, bytes: 3 }))!).toString()).toBe('eco');
    await store.copy(key, await sourceOf(store, key), {});
    expect(await keysOf(store, '')).toEqual([key]);
    const upload = { key, uploadId: await store.createUpload(key, {}) };
    const part = placed(await store.copyPart(upload, 1, await sourceOf(other, key)));
    expect(await store.listParts(upload)).toEqual([part]);
    const whole = { bytes: 6, crc32: checksumOf(text('source')) };
    expect(await store.completeUpload(upload, [part], whole, { etag: (await store.inspect(key))!.etag })).toBe('done');
    await expectAssembled(key, text('source'));
    await store.delete([key]);
    expect(await store.inspect(key)).toBeUndefined();
  });

  describe('writeIf', () => {
    test('writes if there must be no object and there is none', async () => {
      expect(await store.writeIf('key', text('first'), 'absent')).toBe('done');
      expect(await readText(store, 'key')).toBe('first');
    });

    test('is refused if there must be no object but there is one', async () => {
      await put(store, 'key', text('first'));
      expect(await store.writeIf('key', text('second'), 'absent')).toBe('refused');
      expect(await readText(store, 'key')).toBe('first');
    });

    test('is refused by its own object', async () => {
      await store.writeIf('key', text('same'), 'absent');
      expect(await store.writeIf('key', text('same'), 'absent')).toBe('refused');
    });

    test('is refused by an empty object', async () => {
      expect(await store.writeIf('key', Buffer.alloc(0), 'absent')).toBe('done');
      expect(await store.writeIf('key', text('second'), 'absent')).toBe('refused');
    });

    test('writes over the object with the ETag, and replaces its metadata', async () => {
      await store.writeIf('key', text('first'), 'absent', { metadata: { a: '1' } });
      const { etag } = (await store.inspect('key'))!;
      expect(await store.writeIf('key', text('second'), { etag }, { metadata: { b: '2' } })).toBe('done');
      expect(await readText(store, 'key')).toBe('second');
      expect((await store.inspect('key'))!.metadata).toEqual({ b: '2' });
    });

    test('is refused by an object with another ETag', async () => {
      const { etag } = await put(store, 'key', text('first'));
      await put(store, 'key', text('second'));
      expect(await store.writeIf('key', text('third'), { etag })).toBe('refused');
      expect(await readText(store, 'key')).toBe('second');
    });

    test('is refused where no object could have the ETag', async () => {
      const { etag } = await put(store, 'key', text('first'));
      await store.delete(['key']);
      expect(await store.writeIf('key', text('second'), { etag })).toBe('refused');
      expect(await store.inspect('key')).toBeUndefined();
    });

    test('lets exactly one of many writers win', async () => {
      for (let round = 0; round < 5; round++) {
        const key = `slot-${round}`;
        const outcomes = await race(12, (writer) => store.writeIf(key, text(`writer ${writer}`), 'absent'));
        expect(losers(outcomes)).toHaveLength(11);
        expect(await readText(store, key)).toBe(`writer ${outcomes.indexOf('done')}`);
      }
    });

    test('lets exactly one of many successors win', async () => {
      const { etag } = await put(store, 'key', text('first'));
      const outcomes = await race(12, (writer) => store.writeIf('key', text(`writer ${writer}`), { etag }));
      expect(losers(outcomes)).toHaveLength(11);
      expect(await readText(store, 'key')).toBe(`writer ${outcomes.indexOf('done')}`);
    });

    test('keeps the properties of the object', async () => {
      await store.writeIf('key', text('first'), 'absent', PROPERTIES);
      expect(propertiesOf('key')).toEqual(PROPERTIES);
    });

    test('can win again once the object is deleted', async () => {
      await store.writeIf('key', text('first'), 'absent');
      await store.delete(['key']);
      expect(await store.writeIf('key', text('second'), 'absent')).toBe('done');
    });

    test('refuses a bucket that does not exist', async () => {
      await expect(missing.writeIf('key', text('a'), 'absent')).rejects.toThrow(BucketNotFoundError);
    });
  });

  describe('copy', () => {
    test('copies an object of this or another bucket, and acknowledges ETag and CRC32', async () => {
      const content = randomBytes(70_000, 3);
      await put(store, 'here', content);
      await put(other, 'there', content);
      for (const source of [await sourceOf(store, 'here'), await sourceOf(other, 'there')]) {
        const copied = await store.copy('out', source, {});
        expect(copied).toEqual({ etag: (await store.inspect('out'))!.etag, crc32: checksumOf(content) });
        expect(Buffer.compare((await store.read('out'))!, content)).toBe(0);
      }
    });

    test('gives the copy the requested properties, and none of its source', async () => {
      await store.writeIf('source', text('bytes'), 'absent', PROPERTIES);
      await store.copy('told', await sourceOf(store, 'source'), { ...PROPERTIES, contentType: 'text/plain', metadata: { a: 'b' } });
      await store.copy('plain', await sourceOf(store, 'source'), { contentType: 'text/plain' });
      expect(propertiesOf('told')).toEqual({ ...PROPERTIES, contentType: 'text/plain', metadata: { a: 'b' } });
      expect(propertiesOf('plain')).toEqual({ contentType: 'text/plain', tags: [], metadata: {} });
    });

    test('replaces what is there, and can be repeated', async () => {
      await put(store, 'out', text('old'));
      await put(store, 'source', text('new'));
      const first = await store.copy('out', await sourceOf(store, 'source'), {});
      expect(await store.copy('out', await sourceOf(store, 'source'), {})).toEqual(first);
      expect(await readText(store, 'out')).toBe('new');
    });

    test('copies an assembled object, in one piece', async () => {
      const prepared = await uploadOf('source', randomBytes(partBytes, 4), text('end'));
      await complete(prepared);
      expect(await store.copy('out', await sourceOf(store, 'source'), {})).toMatchObject({ crc32: checksumOf(prepared.content) });
      await expectAssembled('out', prepared.content);
    });

    test('reports that the source is gone or has changed', async () => {
      await put(store, 'out', text('old'));
      await put(store, 'source', text('bytes'));
      const source = await sourceOf(store, 'source');
      await put(store, 'source', text('other'));
      expect(await store.copy('out', source, {})).toBe('source-gone');
      await store.delete(['source']);
      expect(await store.copy('out', source, {})).toBe('source-gone');
      expect(await readText(store, 'out')).toBe('old');
    });

    test('refuses buckets that do not exist', async () => {
      await put(store, 'source', text('bytes'));
      const source = await sourceOf(store, 'source');
      await expect(missing.copy('out', source, {})).rejects.toThrow(BucketNotFoundError);
      await expect(store.copy('out', { ...source, bucket: missing.bucket }, {})).rejects.toThrow(BucketNotFoundError);
    });
  });

  describe('list', () => {
    test('gives the keys under the prefix, in ascending order', async () => {
      for (const key of ['b/2', 'a/10', 'c', 'a/9', 'a', 'a/', 'ab', 'a/1/x', 'A/1']) await put(store, key, text('.'));
      expect(await keysOf(store, 'a/')).toEqual(['a/', 'a/1/x', 'a/10', 'a/9']);
      expect(await keysOf(store, '')).toEqual(['A/1', 'a', 'a/', 'a/1/x', 'a/10', 'a/9', 'ab', 'b/2', 'c']);
    });

    test('begins after a key, whether that exists or not', async () => {
      for (const key of ['a/1', 'a/2', 'a/3', 'b']) await put(store, key, text('.'));
      expect(await keysOf(store, 'a/', 'a/1')).toEqual(['a/2', 'a/3']);
      expect(await keysOf(store, 'a/', 'a/15')).toEqual(['a/2', 'a/3']);
      expect(await keysOf(store, 'a/', 'a/3')).toEqual([]);
      expect(await keysOf(store, 'a/', 'Z')).toEqual(['a/1', 'a/2', 'a/3']);
    });

    test('gives nothing if there is nothing', async () => {
      await put(store, 'a', text('.'));
      expect(await keysOf(store, 'b')).toEqual([]);
    });

    test('gives more keys than a page holds, and delete takes them all', async () => {
      const keys = Array.from({ length: MANY }, (_, index) => `many/${String(index).padStart(8, '0')}`);
      await inFlight(16, keys, (key) => put(store, key, text('.')));
      await put(store, 'stays', text('.'));
      expect(await keysOf(store, 'many/')).toEqual(keys);
      expect(await keysOf(store, 'many/', keys[MANY - 1_050])).toEqual(keys.slice(MANY - 1_049));
      await store.delete(keys);
      expect(await keysOf(store, '')).toEqual(['stays']);
    });

    test('can be stopped in the middle', async () => {
      for (const key of ['a', 'b', 'c']) await put(store, key, text('.'));
      for await (const key of store.list('')) {
        expect(key).toBe('a');
        break;
      }
    });

    test('refuses a bucket that does not exist', async () => {
      await expect(keysOf(missing, '')).rejects.toThrow(BucketNotFoundError);
    });
  });

  describe('delete', () => {
    test('deletes existing objects, and ignores missing ones', async () => {
      for (const key of ['a', 'b', 'c']) await put(store, key, text('.'));
      await store.delete(['a', 'never', 'c']);
      await store.delete(['a']);
      expect(await keysOf(store, '')).toEqual(['b']);
    });

    test('takes no keys', async () => {
      await put(store, 'a', text('.'));
      await store.delete([]);
      expect(await keysOf(store, '')).toEqual(['a']);
    });

    test('refuses a bucket that does not exist', async () => {
      await expect(missing.delete(['a'])).rejects.toThrow(BucketNotFoundError);
    });
  });

  describe('uploads', () => {
    test('publish copied and written parts in order, with the properties of their start', async () => {
      const [first, second, third] = [randomBytes(partBytes + 1, 3), randomBytes(partBytes, 4), randomBytes(partBytes, 5)];
      const last = text('end');
      await put(store, 'cache/first', first);
      await put(other, 'cache/third', third);
      const properties = { contentType: 'text/plain', metadata: { 'import-id': 'x' } };
      const upload = { key: 'out', uploadId: await store.createUpload('out', properties) };
      const parts = await Promise.all([
        store.copyPart(upload, 1, await sourceOf(store, 'cache/first')),
        store.writePart(upload, 2, [second.subarray(0, 3), second.subarray(3)], checksumOf(second)),
        store.copyPart(upload, 3, await sourceOf(other, 'cache/third')),
        store.writePart(upload, 4, [last], checksumOf(last)),
      ]);
      expect(await store.inspect('out')).toBeUndefined();
      const content = Buffer.concat([first, second, third, last]);
      expect(await complete({ upload, parts: parts.map(placed), content })).toBe('done');
      await expectAssembled('out', content);
      expect(await store.inspect('out')).toMatchObject({ bytes: content.byteLength, metadata: { 'import-id': 'x' } });
    });

    test('make an object with the properties of their start', async () => {
      const upload = { key: 'out', uploadId: await store.createUpload('out', PROPERTIES) };
      const part = placed(await store.writePart(upload, 1, [text('a')], checksumOf(text('a'))));
      await complete({ upload, parts: [part], content: text('a') });
      expect(propertiesOf('out')).toEqual(PROPERTIES);
    });

    test('give for each part what was stored', async () => {
      const content = randomBytes(partBytes, 6);
      await put(store, 'source', content);
      const { upload } = await uploadOf('out');
      const written = placed(await store.writePart(upload, 1, [content], checksumOf(content)));
      const copied = placed(await store.copyPart(upload, 2, await sourceOf(store, 'source')));
      expect(written).toEqual({ partNumber: 1, etag: (await store.inspect('source'))!.etag, bytes: partBytes, crc32: checksumOf(content) });
      expect(copied).toEqual({ ...written, partNumber: 2 });
    });

    test('have different ids, even for the same key', async () => {
      const [one, two] = [await uploadOf('out', text('one')), await uploadOf('out', text('two'))];
      expect(one.upload.uploadId).not.toBe(two.upload.uploadId);
      expect(await complete(two)).toBe('done');
      await expectAssembled('out', text('two'));
      expect(await store.listParts(one.upload)).toEqual(one.parts);
    });

    test('refuse a bucket that does not exist', async () => {
      const upload = { key: 'out', uploadId: 'none' };
      const source = { bucket: store.bucket, key: 'source', etag: '"e"', bytes: 1 };
      await expect(missing.createUpload('out', {})).rejects.toThrow(BucketNotFoundError);
      await expect(missing.copyPart(upload, 1, source)).rejects.toThrow(BucketNotFoundError);
      await expect(missing.writePart(upload, 1, [text('a')], checksumOf(text('a')))).rejects.toThrow(BucketNotFoundError);
      await expect(missing.listParts(upload)).rejects.toThrow(BucketNotFoundError);
      await expect(missing.abortUpload(upload)).rejects.toThrow(BucketNotFoundError);
      const part = { partNumber: 1, etag: '"e"', bytes: 1 };
      await expect(missing.completeUpload(upload, [part], { bytes: 1 }, 'absent')).rejects.toThrow(BucketNotFoundError);
    });
  });

  describe('copyPart of a range', () => {
    /** More than the minimum part size: smaller ranges are refused. */
    const content = randomBytes(2 * partBytes + 1, 20);

    test('copies it, and gives its size and CRC32', async () => {
      await put(other, 'source', content);
      const source = await sourceOf(other, 'source');
      const { upload } = await uploadOf('out');
      const [head, rest] = [content.subarray(0, partBytes), content.subarray(partBytes)];
      const parts = [
        placed(await store.copyPart(upload, 1, { ...source, offset: 0, bytes: partBytes })),
        placed(await store.copyPart(upload, 2, { ...source, offset: partBytes, bytes: partBytes + 1 })),
      ];
      const expected = [head, rest].map((part) => ({ bytes: part.byteLength, crc32: checksumOf(part) }));
      expect(parts).toMatchObject(expected);
      expect(await store.listParts(upload)).toEqual(parts);
      expect(await complete({ upload, parts, content })).toBe('done');
      await expectAssembled('out', content);
    });

    test('is told that the source is another object by now', async () => {
      await put(store, 'source', content);
      const source = { ...await sourceOf(store, 'source'), offset: 1, bytes: partBytes };
      await put(store, 'source', Buffer.from(content).fill(0));
      const { upload } = await uploadOf('out');
      expect(await store.copyPart(upload, 1, source)).toBe('source-gone');
    });

    test('refuses a source no larger than the minimum part size', async () => {
      await put(store, 'source', content.subarray(0, partBytes));
      const { upload } = await uploadOf('out');
      const source = { ...await sourceOf(store, 'source'), offset: 0, bytes: partBytes };
      await expect(store.copyPart(upload, 1, source)).rejects.toThrow(INVALID_REQUEST);
      expect(await store.listParts(upload)).toEqual([]);
    });

    test('refuses a range that ends after the source', async () => {
      await put(store, 'source', content);
      const { upload } = await uploadOf('out');
      const source = { ...await sourceOf(store, 'source'), offset: 2, bytes: content.byteLength - 1 };
      await expect(store.copyPart(upload, 1, source)).rejects.toThrow(INVALID_REQUEST);
      expect(await store.listParts(upload)).toEqual([]);
    });
  });

  describe('copyPart', () => {
    test('is told that the source is gone', async () => {
      await put(store, 'source', text('bytes'));
      const source = await sourceOf(store, 'source');
      await store.delete(['source']);
      const { upload } = await uploadOf('out');
      expect(await store.copyPart(upload, 1, source)).toBe('source-gone');
      expect(await store.listParts(upload)).toEqual([]);
    });

    test('is told that the source is another object by now', async () => {
      await put(store, 'source', text('bytes'));
      const source = await sourceOf(store, 'source');
      await put(store, 'source', text('other'));
      const { upload } = await uploadOf('out');
      expect(await store.copyPart(upload, 1, source)).toBe('source-gone');
    });

    test('is told that the upload is gone', async () => {
      await put(store, 'source', text('bytes'));
      const { upload } = await uploadOf('out');
      await store.abortUpload(upload);
      expect(await store.copyPart(upload, 1, await sourceOf(store, 'source'))).toBe('no-such-upload');
    });

    test('refuses a source in a bucket that does not exist', async () => {
      const { upload } = await uploadOf('out');
      const source = { bucket: missing.bucket, key: 'source', etag: '"e"', bytes: 1 };
      await expect(store.copyPart(upload, 1, source)).rejects.toThrow(BucketNotFoundError);
    });
  });

  describe('writePart', () => {
    test('replaces a part', async () => {
      const { upload, parts } = await uploadOf('out', text('old'));
      const part = placed(await store.writePart(upload, 1, [text('newer')], checksumOf(text('newer'))));
      expect(await store.listParts(upload)).toEqual([part]);
      expect(part).not.toEqual(parts[0]);
    });

    test('places nothing when the bytes have another CRC32', async () => {
      const { upload } = await uploadOf('out');
      await expect(store.writePart(upload, 1, [text('a')], checksumOf(text('b')))).rejects.toThrow(StoreUnavailableError);
      expect(await store.listParts(upload)).toEqual([]);
    });

    test('is told that the upload is gone', async () => {
      const { upload } = await uploadOf('out');
      await store.abortUpload(upload);
      expect(await store.writePart(upload, 1, [text('a')], checksumOf(text('a')))).toBe('no-such-upload');
    });

    test.each([0, 10_001])('refuses part number %d', async (partNumber) => {
      const { upload } = await uploadOf('out');
      await expect(store.writePart(upload, partNumber, [text('a')], checksumOf(text('a')))).rejects.toThrow(INVALID_REQUEST);
    });
  });

  describe('listParts', () => {
    test('gives the parts by number, in whatever order they came', async () => {
      const { upload } = await uploadOf('out');
      const given = new Map<number, UploadPart>();
      for (const partNumber of [10, 2, 1]) {
        const content = text(`part ${partNumber}`);
        given.set(partNumber, placed(await store.writePart(upload, partNumber, [content], checksumOf(content))));
      }
      expect(await store.listParts(upload)).toEqual([1, 2, 10].map((partNumber) => given.get(partNumber)));
    });

    test('gives an empty list, not undefined, for a new upload', async () => {
      expect(await store.listParts((await uploadOf('out')).upload)).toEqual([]);
    });

    test('pages through', async () => {
      await put(store, 'source', text('bytes'));
      const source = await sourceOf(store, 'source');
      const { upload } = await uploadOf('out');
      const numbers = Array.from({ length: MANY }, (_, index) => index + 1);
      await inFlight(16, numbers, (partNumber) => store.copyPart(upload, partNumber, source));
      expect((await store.listParts(upload))!.map(({ partNumber }) => partNumber)).toEqual(numbers);
    });

    test('gives undefined for an upload that never was, was aborted or was completed', async () => {
      const aborted = await uploadOf('out', text('a'));
      const completed = await uploadOf('out', text('b'));
      await store.abortUpload(aborted.upload);
      await complete(completed);
      expect(await store.listParts({ key: 'out', uploadId: 'never' })).toBeUndefined();
      expect(await store.listParts(aborted.upload)).toBeUndefined();
      expect(await store.listParts(completed.upload)).toBeUndefined();
    });
  });

  describe('completeUpload', () => {
    test('shows readers the old object or the whole new one', async () => {
      const [old, fresh] = [randomBytes(1000, 7), randomBytes(partBytes, 8)];
      const { etag } = await put(store, 'out', old);
      const prepared = await uploadOf('out', fresh, text('end'));
      const completed = complete(prepared, { etag });
      const seen = await Promise.all(Array.from({ length: 20 }, async () => checksumIn('out')));
      expect(await completed).toBe('done');
      expect([checksumOf(old), checksumOf(prepared.content)]).toEqual(expect.arrayContaining(seen));
      await expectAssembled('out', prepared.content);
    });

    test('is refused if there must be no object but there is one, and can then replace it', async () => {
      const { etag } = await put(store, 'out', text('old'));
      const prepared = await uploadOf('out', text('new'));
      expect(await complete(prepared)).toBe('refused');
      expect(await readText(store, 'out')).toBe('old');
      expect(await complete(prepared, { etag })).toBe('done');
      await expectAssembled('out', text('new'));
    });

    test('is refused by an object with another ETag', async () => {
      const { etag } = await put(store, 'out', text('old'));
      await put(store, 'out', text('newer'));
      expect(await complete(await uploadOf('out', text('new')), { etag })).toBe('refused');
      expect(await readText(store, 'out')).toBe('newer');
    });

    test('is refused where no object could have the ETag', async () => {
      expect(await complete(await uploadOf('out', text('new')), { etag: '"0123456789abcdef0123456789abcdef"' })).toBe('refused');
      expect(await store.inspect('out')).toBeUndefined();
    });

    test('lets exactly one of many uploads win', async () => {
      const prepared = await race(6, (writer) => uploadOf('out', text(`writer ${writer}`)));
      const outcomes = await race(6, (writer) => complete(prepared[writer]!));
      expect(losers(outcomes)).toHaveLength(5);
      await expectAssembled('out', text(`writer ${outcomes.indexOf('done')}`));
    });

    test('succeeds again, without replacing a later object', async () => {
      const prepared = await uploadOf('out', text('first'));
      expect(await complete(prepared)).toBe('done');
      expect(await complete(prepared)).toBe('done');
      await put(store, 'out', text('later'));
      expect(await complete(prepared)).toBe('done');
      expect(await readText(store, 'out')).toBe('later');
    });

    test.each([
      ['more bytes than there are', { bytes: 4, crc32: checksumOf(text('new')) }],
      ['fewer bytes than there are', { bytes: 2, crc32: checksumOf(text('new')) }],
      ['another CRC32', { bytes: 3, crc32: checksumOf(text('old')) }],
    ])('finds the object corrupt that was announced with %s', async (_, whole) => {
      const { etag } = await put(store, 'out', text('before'));
      const { upload, parts } = await uploadOf('out', text('new'));
      expect(await store.completeUpload(upload, parts, whole, { etag })).toBe('corrupt');
      expect(await readText(store, 'out')).toBe('before');
      expect(await store.completeUpload(upload, parts, { bytes: 3, crc32: checksumOf(text('new')) }, { etag })).toBe('done');
    });

    test('detects a lost, a duplicate and a swapped part', async () => {
      const [one, two] = [randomBytes(partBytes, 9), randomBytes(partBytes, 10)];
      const whole = { bytes: 2 * partBytes, crc32: checksumOf(Buffer.concat([one, two])) };
      for (const contents of [[one], [one, two, two], [two, one]]) {
        const { upload, parts } = await uploadOf('out', ...contents);
        expect(await store.completeUpload(upload, parts, whole, 'absent')).toBe('corrupt');
      }
      expect(await store.inspect('out')).toBeUndefined();
    });

    test.each<[string, (parts: readonly UploadPart[]) => UploadPart[]]>([
      ['that was never placed', (parts) => [...parts, { ...parts[1]!, partNumber: 3 }]],
      ['with another ETag', (parts) => [parts[0]!, { ...parts[1]!, etag: parts[0]!.etag }]],
      ['with another CRC32', (parts) => [parts[0]!, { ...parts[1]!, crc32: parts[0]!.crc32! }]],
      ['out of order', (parts) => [parts[1]!, parts[0]!]],
      ['twice', (parts) => [parts[0]!, parts[0]!, parts[1]!]],
    ])('finds a part invalid %s', async (_, change) => {
      const { upload, parts, content } = await uploadOf('out', randomBytes(partBytes, 11), text('end'));
      expect(await complete({ upload, parts: change(parts), content })).toBe('invalid-part');
      expect(await store.inspect('out')).toBeUndefined();
      expect(await complete({ upload, parts, content })).toBe('done');
    });

    test('leaves out parts that are not named', async () => {
      const { upload, parts } = await uploadOf('out', text('one'), text('two'));
      expect(await complete({ upload, parts: parts.slice(0, 1), content: text('one') })).toBe('done');
      await expectAssembled('out', text('one'));
    });

    test('refuses a part below the minimum size, except the last one', async () => {
      const prepared = await uploadOf('out', randomBytes(partBytes - 1, 12), text('end'));
      await expect(complete(prepared)).rejects.toThrow(StoreUnavailableError);
      expect(await store.inspect('out')).toBeUndefined();
    });

    test('refuses no parts at all', async () => {
      await expect(complete(await uploadOf('out'))).rejects.toThrow(StoreUnavailableError);
    });

    test('is told that the upload is gone', async () => {
      const prepared = await uploadOf('out', text('new'));
      await store.abortUpload(prepared.upload);
      expect(await complete(prepared)).toBe('no-such-upload');
      expect(await complete({ ...prepared, upload: { key: 'out', uploadId: 'never' } })).toBe('no-such-upload');
    });
  });

  describe('abortUpload', () => {
    test('aborts an upload, and ignores an aborted one', async () => {
      const { upload } = await uploadOf('out', text('a'));
      await store.abortUpload(upload);
      await store.abortUpload(upload);
      await store.abortUpload({ key: 'out', uploadId: 'never' });
      expect(await store.listParts(upload)).toBeUndefined();
    });

    test('keeps the object of a completed upload', async () => {
      const prepared = await uploadOf('out', text('a'));
      await complete(prepared);
      await store.abortUpload(prepared.upload);
      await expectAssembled('out', text('a'));
    });
  });
}

interface Prepared {
  readonly upload: UploadReference;
  readonly parts: readonly UploadPart[];
  readonly content: Buffer;
}

export function text(content: string): Buffer {
  return Buffer.from(content);
}

/** Bytes that look random and are the same in each run. */
export function randomBytes(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed * 2_654_435_761 >>> 0 || 1;
  for (let index = 0; index < length; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[index] = state;
  }
  return bytes;
}

/** As S3 writes it; not by the code under test. */
export function checksumOf(content: Uint8Array): string {
  return encodeCrc32(crc32(content));
}

export async function put(store: ObjectStore, key: string, content: Buffer): ReturnType<ObjectStore['write']> {
  return store.write(key, [content], checksumOf(content));
}

export async function readText(store: ObjectStore, key: string): Promise<string> {
  return Buffer.from((await store.read(key))!).toString();
}

export async function keysOf(store: ObjectStore, prefix: string, startAfter?: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of store.list(prefix, startAfter)) keys.push(key);
  return keys;
}

/** An object as the source of a copy, as it is now. */
export async function sourceOf(store: ObjectStore, key: string): Promise<CopySource> {
  const { etag, bytes } = (await store.inspect(key))!;
  return { bucket: store.bucket, key, etag, bytes };
}

export function placed(outcome: PartOutcome): UploadPart {
  if (typeof outcome === 'string') throw new Error(`There is no part: ${outcome}`);
  return outcome;
}

/** All outcomes except that of the one winner. None may be unknown. */
function losers(outcomes: readonly (ConditionalOutcome | CompleteOutcome)[]): string[] {
  return outcomes.filter((outcome) => outcome === 'refused' || outcome === 'conflict');
}

function race<T>(count: number, run: (runner: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, async (_, runner) => run(runner)));
}

async function inFlight<T>(count: number, items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = items.values();
  await Promise.all(Array.from({ length: count }, async () => {
    for (const item of queue) await work(item);
  }));
}
