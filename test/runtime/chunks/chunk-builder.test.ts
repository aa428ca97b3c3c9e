import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { Compression } from '../../../src/protocol/choices';
import { GuardStates, NEW_LOOP_GUARD } from '../../../src/protocol/commit-record';
import { NEW_COUNT_GUARD } from '../../../src/protocol/count-guard-state';
import { PAGES_PER_CHUNK } from '../../../src/protocol/defaults';
import { Layout } from '../../../src/protocol/output-settings';
import { PerStream, perStream } from '../../../src/protocol/streams';
import { crc32Of } from '../../../src/runtime/bytes/crc32';
import { PageDigest } from '../../../src/runtime/bytes/page-digest';
import { SegmentPool } from '../../../src/runtime/bytes/segment-pool';
import { BuiltPage, BuiltStream, ChunkBuilder } from '../../../src/runtime/chunks/chunk-builder';
import { TextPage, TextStyle } from '../../../src/runtime/chunks/text-chunk';
import { TextEncoding } from '../../../src/runtime/chunks/text-encoding';
import { jsonArray } from '../../../src/runtime/formats/json-array';
import { jsonLines } from '../../../src/runtime/formats/json-lines';

const GUARDS: GuardStates = { loopGuard: NEW_LOOP_GUARD, countGuard: NEW_COUNT_GUARD };

const POSITION = { pageNumber: 3, pageToken: 'c3', offset: 2 };

interface Page extends BuiltPage {
  readonly encoded: PerStream<TextPage>;
}

function page(text: string, { records = text === '' ? 0 : 1, ...rest }: Partial<BuiltPage> & { readonly records?: number } = {}): Page {
  const reports = rest.reports ?? {};
  const encoded = perStream(() => ({ text, records, columns: reports, digest: PageDigest.ofText(text) }));
  return { encoded, reports, next: { pageNumber: 4, pageToken: 'c4', offset: 3 }, ...rest } as Page;
}

function builderOf(style: Partial<TextStyle> = {}, recordsBefore = 0): ChunkBuilder {
  const encoding = new TextEncoding({
    format: jsonLines, compression: Compression.NONE, layout: Layout.OBJECT, segments: new SegmentPool(), pageBytes: 1024 * 1024, ...style,
  });
  return new ChunkBuilder(perStream(() => encoding.begin(recordsBefore)), POSITION);
}

async function built(builder: ChunkBuilder, pages: readonly BuiltPage[]): Promise<BuiltStream> {
  for (const each of pages) await builder.add(each);
  return (await builder.build(GUARDS)).streams.records;
}

function textOf({ pieces }: BuiltStream): string {
  return Buffer.concat(pieces).toString();
}

test('a chunk has its pages\' bytes, records, ledger and checksum, in order', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { minLength: 1, maxLength: 20 }), async (texts) => {
    const whole = Buffer.from(texts.join(''));

    const chunk = await built(builderOf(), texts.map((text, index) => page(text, { records: index })));

    expect(Buffer.concat(chunk.pieces)).toEqual(whole);
    expect(chunk).toMatchObject({ bytes: whole.byteLength, crc32: crc32Of(whole) });
    expect(chunk.ledger).toEqual(texts.map((text, index) => [index, Buffer.byteLength(text)]));
    expect(chunk.records).toBe(texts.length * (texts.length - 1) / 2);
  }));
});

test.each(Object.values(Compression))('size and checksum cover all bytes of a large chunk: compression %s', async (compression) => {
  const text = Array.from({ length: 100_000 }, (_, n) => `${n * 7919 % 100_003}\n`).join('');

  const chunk = await built(builderOf({ compression }), [page(text)]);
  const whole = Buffer.concat(chunk.pieces);

  expect(chunk.pieces.length).toBeGreaterThan(1);
  expect(chunk).toMatchObject({ bytes: whole.byteLength, crc32: crc32Of(whole) });
  expect((compression === Compression.GZIP ? gunzipSync(whole) : whole).toString()).toBe(text);
});

test('start comes from the first page, everything else from the last, and the guard state from the end', async () => {
  const builder = builderOf();
  await builder.add(page('1\n', { reports: { sourceTotal: 10 } }));
  await builder.add(page('2\n', { reports: { sourceTotal: 12, columns: ['id'] }, next: null }));

  await expect(builder.build({ ...GUARDS, loopGuard: { ...NEW_LOOP_GUARD, steps: 7 } })).resolves.toMatchObject({
    start: POSITION, end: null, reports: { sourceTotal: 12, columns: ['id'] }, guards: { loopGuard: { steps: 7 } },
  });
});

test('empty pages are in the ledger, but not among the pieces', async () => {
  const builder = builderOf();
  await builder.add(page(''));

  await expect(builder.build(GUARDS)).resolves.toMatchObject({
    pages: 1, streams: { records: { pieces: [], bytes: 0, records: 0, crc32: 'AAAAAA==', ledger: [[0, 0]] } },
  });
});

test('it is full at its size in bytes', async () => {
  const builder = builderOf();
  await builder.add(page('123\n'));
  expect([builder.isFull(5), builder.isFull(4)]).toEqual([false, true]);
});

test('it is full at the maximum pages of a record, however small they are', async () => {
  const builder = builderOf();
  for (let pages = 1; pages < PAGES_PER_CHUNK; pages++) await builder.add(page(''));
  expect(builder.isFull(1)).toBe(false);

  await builder.add(page(''));
  expect(builder.isFull(1)).toBe(true);
});

test('without a page there is nothing to build', async () => {
  const builder = builderOf();
  await expect(builder.build(GUARDS)).rejects.toThrow('at least one page');
});

describe('the frame of a format', () => {
  const [FIRST, EMPTY, SECOND] = [page('1'), page(''), page('2')];
  const last = (each: Page): Page => ({ ...each, next: null });
  const style = { format: jsonArray };

  test.each<[string, number, readonly Page[], string]>([
    ['the first of several', 0, [FIRST, SECOND], '[\n1,\n2'],
    ['the first with a record, after empty ones', 0, [EMPTY, FIRST], '[\n1'],
    ['one between others', 1, [SECOND, EMPTY], ',\n2'],
    ['empty pages between others', 1, [EMPTY], ''],
    ['empty pages before the first record', 0, [EMPTY], ''],
    ['the last of several', 1, [SECOND, last(EMPTY)], ',\n2\n]\n'],
    ['the last, without a record', 1, [last(EMPTY)], '\n]\n'],
    ['all there is', 0, [EMPTY, last(FIRST)], '[\n1\n]\n'],
    ['all there is, without a record', 0, [EMPTY, last(EMPTY)], '[]\n'],
  ])('in an object of all chunks: %s', async (_what, recordsBefore, pages, text) => {
    const chunk = await built(builderOf(style, recordsBefore), pages);

    expect(textOf(chunk)).toBe(text);
    // The page's own bytes, wherever the page is.
    expect(chunk.ledger).toEqual(pages.map(({ encoded }) => [encoded.records.records, encoded.records.text.length]));
  });

  test.each<[string, number, readonly Page[], string]>([
    ['the first of several', 0, [FIRST, SECOND], '[\n1,\n2\n]\n'],
    ['one between others', 1, [EMPTY, SECOND], '[\n2\n]\n'],
    ['empty pages', 1, [EMPTY], ''],
    ['the last, without a record', 1, [last(EMPTY)], ''],
    ['all there is, without a record', 0, [last(EMPTY)], ''],
  ])('in an object of each chunk: %s', async (_what, recordsBefore, pages, text) => {
    const chunk = await built(builderOf({ ...style, layout: Layout.PARTS }, recordsBefore), pages);

    expect(textOf(chunk)).toBe(text);
    expect(chunk.bytes).toBe(text.length);
  });
});

describe('compressed', () => {
  const style = { compression: Compression.GZIP };

  test('a chunk is one gzip member, and size and checksum are those of the member', async () => {
    const chunk = await built(builderOf(style), [page('1\n'.repeat(5000)), page('2\n')]);
    const bytes = Buffer.concat(chunk.pieces);

    expect(gunzipSync(bytes).toString()).toBe(`${'1\n'.repeat(5000)}2\n`);
    expect(chunk).toMatchObject({ bytes: bytes.byteLength, crc32: crc32Of(bytes), ledger: [[1, 10_000], [1, 2]] });
    expect(chunk.bytes).toBeLessThan(1000);
  });

  test('it is full when its compressed bytes are', async () => {
    const builder = builderOf(style);
    for (let pages = 0; pages < 20; pages++) await builder.add(page('1'.repeat(1024 * 1024)));

    expect(builder.isFull(1024 * 1024)).toBe(false);
    expect(builder.isFull(1)).toBe(true);
  });

  test.each<[string, number, Layout, number]>([
    ['an import without a record is a file without a byte', 0, Layout.OBJECT, 20],
    ['nothing is put behind the last record', 1, Layout.OBJECT, 0],
    ['a part without a record is none', 0, Layout.PARTS, 0],
  ])('%s', async (_what, recordsBefore, layout, bytes) => {
    const chunk = await built(builderOf({ ...style, layout }, recordsBefore), [page('', { next: null })]);

    expect(chunk.bytes).toBe(bytes);
    if (bytes > 0) expect(gunzipSync(Buffer.concat(chunk.pieces)).byteLength).toBe(0);
  });
});

describe('memory', () => {
  /** A pool that counts. */
  class CountingPool extends SegmentPool {
    public taken = 0;
    public back = 0;

    public override take(): Uint8Array {
      this.taken += 1;
      return super.take();
    }

    public override giveBack(segment: Uint8Array): void {
      this.back += 1;
      super.giveBack(segment);
    }
  }

  test('of a chunk is given back completely when the chunk is released', async () => {
    const segments = new CountingPool();
    const chunk = await built(builderOf({ segments }), [page('x'.repeat(1024 * 1024)), page('y')]);
    expect(segments).toMatchObject({ taken: 5, back: 0 });

    chunk.release();

    expect(segments.back).toBe(5);
    expect(segments.take().byteLength).toBe(256 * 1024);
  });

  test('of what was compressed is given back at once', async () => {
    const segments = new CountingPool();

    await built(builderOf({ segments, compression: Compression.GZIP }), [page('x'.repeat(1024 * 1024)), page('y')]);

    expect(segments).toMatchObject({ taken: 5, back: 5 });
  });

  test('is bounded if a source is faster than the compressor', async () => {
    const segments = new CountingPool();
    const builder = builderOf({ segments, compression: Compression.GZIP });
    let most = 0;
    for (let pages = 0; pages < 100; pages++) {
      await builder.add(page(String(pages % 10).repeat(256 * 1024)));
      most = Math.max(most, segments.taken - segments.back);
    }

    expect(segments.taken).toBeGreaterThanOrEqual(100);
    expect(most).toBeLessThanOrEqual(5);
  });
});
