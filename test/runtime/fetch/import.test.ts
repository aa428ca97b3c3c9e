import * as fc from 'fast-check';
import { MemoryS3 } from '../../kit/memory-store';
import { flaggedSource, jsonLines, numberedRecords, offsetSource, ScriptedSource, tokenSource } from '../../kit/scripted-source';
import { TestMachine } from '../../kit/test-machine';

type SourceOf = (records: readonly unknown[], pageSize: number) => ScriptedSource;

/** Records in pages, and every third answer a wait. */
const waiting: SourceOf = (records, pageSize) => {
  const pages = flaggedSource(records);
  let calls = 0;
  return new ScriptedSource((request, signal) => ++calls % 3 === 0 ? { retryAfterSeconds: pageSize } : pages.fetchPage(request, signal));
};

test.each<[string, SourceOf]>([
  ['offset', offsetSource],
  ['offset with a flag', flaggedSource],
  ['token', (records, pageSize) => tokenSource(inPages(records, pageSize))],
  ['token, with empty pages between', (records, pageSize) => tokenSource(inPages(records, pageSize).flatMap((page) => [page, []]))],
  ['token, with an empty text at the end', (records, pageSize) => endingWith('', tokenSource(inPages(records, pageSize)))],
  ['with waits', waiting],
])('an import is exactly the source\'s records, in order, whatever the sizes: %s', async (_style, sourceOf) => {
  const upTo = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
  const sizes = { records: fc.nat(40), pageSize: upTo(12), chunkBytes: upTo(200), minBytes: upTo(100) };
  await fc.assert(fc.asyncProperty(fc.record(sizes), async ({ records: count, pageSize, chunkBytes, minBytes }) => {
    const records = numberedRecords(count);
    const machine = new TestMachine({
      source: sourceOf(records, pageSize), pageSize, settings: { chunkBytes },
      partLimits: { minBytes, maxParts: 50 }, s3: new MemoryS3({ partMinBytes: 1 }),
    });

    const result = await machine.run();

    expect(await machine.published()).toBe(jsonLines(records));
    expect(result).toMatchObject({ outcome: 'published', records: count, bytes: jsonLines(records).length });
    expect(await machine.manifest()).toMatchObject({ records: count, pages: result.pages });
  }), { numRuns: 30 });
});

/** The same source, with a different token at its end. */
function endingWith(lastToken: unknown, source: ScriptedSource): ScriptedSource {
  return new ScriptedSource(async (request, signal) => {
    const { records, nextPageToken } = await source.fetchPage(request, signal) as { records: unknown[]; nextPageToken: unknown };
    return { records, nextPageToken: nextPageToken ?? lastToken };
  });
}

function inPages(records: readonly unknown[], pageSize: number): unknown[][] {
  const pages = [];
  for (let offset = 0; offset < records.length; offset += pageSize) pages.push(records.slice(offset, offset + pageSize));
  return pages.length === 0 ? [[]] : pages;
}
