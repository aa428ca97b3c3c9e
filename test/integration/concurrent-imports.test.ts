import { writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { CommitRecord } from '../../src/protocol/commit-record';
import type { ImportFile } from '../../src/protocol/import-file';
import type { ImportResult } from '../../src/protocol/machine-state';
import { manifestKey } from '../../src/protocol/manifest';
import { orders, TestCloud } from './kit';

/** Imports that publish to one key, all at once. */

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start((stack) => stack.machine('Orders', { destination: stack.destination('orders/latest.jsonl') }));
});
afterAll(async () => cloud?.[Symbol.asyncDispose]());

const KEY = 'orders/latest.jsonl';

function current(): { readonly importId: string; readonly records: unknown[] } {
  const bucket = cloud.local.bucketName('Destination');
  return { importId: cloud.manifest({ bucket, manifestKey: manifestKey(KEY) }).importId, records: cloud.records({ bucket, key: KEY }) };
}

/** Imports that start in the same millisecond, as they may on a busy machine, are ordered by their ids. */
function orderOf({ output: { importId } }: { readonly output: ImportResult }): string {
  const { startTime } = cloud.cachedFile(`${cloud.folderOf(importId)}/import.json`) as ImportFile;
  return `${startTime} ${importId}`;
}

test('all of them end well, none has touched another\'s cache, and the newest one is what stays', async () => {
  const labels = ['first', 'second', 'third', 'fourth', 'fifth'];
  const runs = await Promise.all(labels.map(async (label, index) => {
    await setTimeout(index * 3);
    return { label, ...await cloud.import('Orders', { count: 95, label, style: 'flag' }) };
  }));
  const newest = runs.reduce((one, other) => (orderOf(one) > orderOf(other) ? one : other));
  expect(newest.output.outcome).toBe('published');
  expect(current()).toEqual({ importId: newest.output.importId, records: orders(95, newest.label) });
  for (const { output: { importId } } of runs) {
    const log = cloud.cachedOf(importId, 'commits/').map((key) => cloud.cachedFile(key) as CommitRecord);
    expect(new Set(log.map((record) => record.importId))).toEqual(new Set([importId]));
    expect(log.at(-1)).toMatchObject({ final: true, streams: { records: { totals: { records: 95 } } } });
    const chunkKeys = log.flatMap(({ streams }) => streams.records.chunk?.key ?? []);
    expect(chunkKeys.length).toBeGreaterThan(0);
    expect(chunkKeys.filter((key) => !key.startsWith(`${cloud.folderOf(importId)}/data/`))).toEqual([]);
  }
});

test('an older import that is done later replaces nothing', async () => {
  const gate = cloud.unusedPath();
  const older = cloud.import('Orders', { count: 25, label: 'older', gate });
  await setTimeout(20);
  const newer = await cloud.import('Orders', { count: 35, label: 'newer' });
  writeFileSync(gate, '');
  expect((await older).output).toMatchObject({ outcome: 'superseded', records: 25 });
  expect(newer.output.outcome).toBe('published');
  expect(current()).toEqual({ importId: newer.output.importId, records: orders(35, 'newer') });
  expect(cloud.cachedOf((await older).output.importId, 'data/')).toEqual([]);
});

test('a newer import replaces the object of the one before it', async () => {
  await cloud.import('Orders', { count: 15, label: 'yesterday' });
  await setTimeout(5);
  const { output } = await cloud.import('Orders', { count: 5, label: 'today' });
  expect(current()).toEqual({ importId: output.importId, records: orders(5, 'today') });
});
