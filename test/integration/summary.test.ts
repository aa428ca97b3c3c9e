import { Size } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Compression, ImportDestination, OutputFormat, OutputOptions } from 'cdk-paginated-import';
import type { ImportSummary, SummaryState } from '../../src/protocol/import-summary';
import { failureOf, ImportsStack, orders, TestCloud } from './kit';

/** States before publishing that look at the import. */

let cloud: TestCloud;
/** What the validating function was given and has read. */
let seen: { readonly state: SummaryState; readonly summary: ImportSummary } | undefined;

/** Stands in for a function in any language. Refuses an import whose first sample is another label's than "good". */
function validate(payload: unknown): unknown {
  const state = payload as SummaryState;
  const summary = JSON.parse(cloud.local.s3.read(state.summary.bucket, state.summary.key).toString()) as ImportSummary;
  seen = { state, summary };
  const [first] = summary.samples;
  const { label } = first?.record as { readonly label?: string };
  if (label !== 'good') throw Object.assign(new Error(`The records are those of ${label}.`), { name: 'WrongLabelError' });
  return { strange: 'input for Persist' };
}

const OUTPUTS: Readonly<Record<string, OutputOptions>> = {
  Lines: {},
  GzippedArray: { format: OutputFormat.jsonArray(), compression: Compression.GZIP },
  Csv: { format: OutputFormat.csv() },
};

beforeAll(async () => {
  cloud = await TestCloud.start((stack) => {
    const validator = new lambda.Function(stack, 'Validator', { runtime: lambda.Runtime.PYTHON_3_13, handler: 'handler.handler', code: lambda.Code.fromInline('never run here') });
    Object.entries(OUTPUTS).forEach(([id, output]) => machine(stack, id, validator, stack.destination(`${id}/latest`, output)));
    machine(stack, 'Parts', validator, ImportDestination.toPrefix(stack.bucket, { prefix: 'parts/{importId}' }));
  }, { functions: { Validator: validate } });
});
afterAll(async () => cloud?.[Symbol.asyncDispose]());

/** Every page is a chunk of its own. */
function machine(stack: ImportsStack, id: string, validator: lambda.Function, destination: ImportDestination): void {
  const task = tasks.LambdaInvoke.jsonPath(stack, `Validate${id}`, { lambdaFunction: validator, payloadResponseOnly: true });
  stack.machine(id, { destination, chunkSize: Size.bytes(1), beforePersist: task }).grantReadSummary(validator);
}

beforeEach(() => {
  seen = undefined;
});

test('a function is told the totals and where the import is about to be published, and reads a summary of it', async () => {
  const { output } = await cloud.import('Lines', { count: 145, label: 'good', style: 'flag' });
  const { bucket, key, manifestKey, importId } = output;
  const destination = { bucket, key, manifestKey };
  const totals = { importId, records: 145, pages: 15, bytes: output.bytes };
  expect(seen!.state).toEqual({ ...totals, destination, summary: { bucket: cloud.local.bucketName('Cache'), key: expect.stringContaining(`${cloud.folderOf(importId)}/data/`) } });
  expect(seen!.summary).toMatchObject({ ...totals, ...destination, sourceTotal: 145, startTime: cloud.manifest(output).startTime });
  expect(cloud.records(output)).toEqual(orders(145, 'good'));
});

test('the samples are the first records of ten chunks, evenly spread, with their pages', async () => {
  await cloud.import('Lines', { count: 145, label: 'good' });
  const { samples } = seen!.summary;
  expect(samples).toHaveLength(10);
  expect(samples[0]!.page).toBe(1);
  expect(samples.at(-1)!.page).toBe(15);
  const pages = samples.map(({ page }) => page);
  expect(pages).toEqual([...pages].sort((one, other) => one - other));
  const all = orders(145, 'good');
  expect(samples.map(({ record }) => record)).toEqual(pages.map((page) => all[(page - 1) * 10]));
});

test.each(Object.keys(OUTPUTS))('the samples of %s are records, whatever the chunks are', async (id) => {
  await cloud.import(id, { count: 5, label: 'good' });
  const record = orders(1, 'good')[0]!;
  // What a text was before is not in a CSV.
  expect(seen!.summary.samples).toEqual([{ page: 1, record: id === 'Csv' ? { ...record, id: String(record.id) } : record }]);
});

test('an import of several objects is told by their prefix', async () => {
  const { output } = await cloud.import('Parts', { count: 15, label: 'good' });
  expect(seen!.state.destination).toEqual({ bucket: output.bucket, key: `parts/${output.importId}/`, manifestKey: `parts/${output.importId}/_manifest.json` });
});

test('when the function refuses the import, nothing is published and what was there stands; resumed, it is looked at again', async () => {
  const { output } = await cloud.import('Lines', { count: 25, label: 'good' });
  const run = await cloud.run('Lines', { count: 25, label: 'bad' });
  expect(run.result).toMatchObject({ status: 'FAILED', error: 'WrongLabelError' });
  expect(failureOf(run).errorMessage).toBe('The records are those of bad.');
  expect(cloud.records(output)).toEqual(orders(25, 'good'));

  const { importId } = seen!.state;
  const again = await cloud.run('Lines', { resumeFrom: importId });
  expect(again.result).toMatchObject({ status: 'FAILED', error: 'WrongLabelError' });
  expect(seen!.state.importId).toBe(importId);
});

test('the summary goes with the chunks', async () => {
  await cloud.import('Lines', { count: 25, label: 'good' });
  const { importId, summary } = seen!.state;
  expect(summary.key).toMatch(new RegExp(`^${cloud.folderOf(importId)}/data/summary-[0-9a-f-]{36}\\.json$`));
  expect(cloud.cachedOf(importId, 'data/')).toEqual([]);
});
