import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Resource } from '../../../src/local/assembly/resource';
import { Fault } from '../../../src/local/faults/fault';
import { FaultPlan } from '../../../src/local/faults/fault-plan';
import { FaultyFetchFunction } from '../../../src/local/faults/faulty-fetch-function';
import { DEFINITION } from '../lambda/local-function.fixture';

jest.setTimeout(60_000);

/** A loop that asks for the page that the invocation names, once, and tells what came of it and where it has found itself. */
const LOOP = `export const handler = async ({ state: { importId }, page }) => {
  const where = { taskRoot: process.env.LAMBDA_TASK_ROOT };
  try {
    const { default: source } = await import(new URL('source.mjs', import.meta.url).href);
    if (!source.fetchPage && typeof source !== 'function') return { ...where, exported: Object.keys(source) };
    const answer = await (source.fetchPage ?? source)({ importId, pageNumber: page, pageToken: null, input: {}, signal: new AbortController().signal });
    return { ...where, answer };
  } catch (error) {
    return { ...where, error: error.message };
  }
};`;

const RESOURCE = { path: 'Stack/Orders/Import/Functions/Fetch/Function' } as Resource;

interface Told {
  readonly taskRoot: string;
  readonly answer?: unknown;
  readonly exported?: readonly string[];
  readonly error?: string;
}

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function functionOf(source: string, ...faults: Fault[]) {
  const directory = await mkdtemp(join(tmpdir(), 'fetch-function-'));
  await writeFile(join(directory, 'index.mjs'), LOOP);
  await writeFile(join(directory, 'source.mjs'), source);
  const plan = new FaultPlan(faults);
  const fetchFunction = new FaultyFetchFunction(RESOURCE, { ...DEFINITION, code: { directory } }, plan, {});
  cleanUps.push(() => fetchFunction.close(), () => rm(directory, { recursive: true }));
  const ask = async (page: number, importId = 'import-1'): Promise<Told> => {
    const { payload } = await fetchFunction.invoke(JSON.stringify({ state: { importId }, page }));
    return JSON.parse(payload) as Told;
  };
  return { directory, plan, fetchFunction, ask };
}

test('a handler is struck at its page, so often in each import, and answers as it is otherwise', async () => {
  const { ask, plan } = await functionOf('export default ({ pageNumber }) => [pageNumber];', Fault.serverError({ page: 2 }));
  expect(await ask(1)).toMatchObject({ answer: [1] });
  expect(await ask(2)).toMatchObject({ error: '503 Service Unavailable: Fault.serverError at page 2' });
  expect(await ask(2)).toMatchObject({ answer: [2] });
  expect(await ask(2, 'import-2')).toMatchObject({ error: expect.stringContaining('503') });
  expect(plan.injected.map(({ importId }) => importId)).toEqual(['import-1', 'import-2']);
});

test('what is defined as a source keeps its object, and gets the whole request', async () => {
  const source = 'export default { size: 2, fetchPage({ pageNumber, signal }) { return [this.size, pageNumber, signal.aborted]; } };';
  const { ask } = await functionOf(source, Fault.timeout({ page: 9 }));
  expect(await ask(1)).toMatchObject({ answer: [2, 1, false] });
});

test('a handler finds its own folder where it was', async () => {
  const source = 'import { readFileSync } from "node:fs";\nexport default () => '
    + '[import.meta.url, readFileSync(new URL("beside.txt", import.meta.url), "utf8")];';
  const { ask, directory } = await functionOf(source, Fault.timeout({ page: 9 }));
  await writeFile(join(directory, 'beside.txt'), 'there');
  expect(await ask(1)).toEqual({ taskRoot: directory, answer: [pathToFileURL(join(directory, 'source.mjs')).href, 'there'] });
});

test.each([
  // All of it, of which the loop says that it has no default export.
  ['has no default export', 'export const pages = () => [];', { exported: ['pages'] }],
  ['throws while it is loaded', 'throw new Error("no configuration");\nexport default () => [];', { error: 'no configuration' }],
])('a module that %s is as it is', async (_, source, expected) => {
  const { ask } = await functionOf(source, Fault.timeout({ page: 1 }));
  expect(await ask(1)).toMatchObject(expected);
});

test('the time of a function is that of the shortest fault that is aimed at it', () => {
  const plan = new FaultPlan([
    Fault.hang({ page: 1, functionTimeoutSeconds: 7 }),
    Fault.hang({ page: 1, functionTimeoutSeconds: 5, import: 'Stack/Orders' }),
    Fault.hang({ page: 1, functionTimeoutSeconds: 2, import: 'Stack/Invoices' }),
  ]);
  expect(plan.functionTimeoutSeconds(RESOURCE)).toBe(5);
  expect(plan.functionTimeoutSeconds({ path: 'Stack/Others/Import/Functions/Fetch/Function' } as Resource)).toBe(7);
  expect(new FaultPlan([Fault.timeout({ page: 1 })]).functionTimeoutSeconds(RESOURCE)).toBeUndefined();
});

test('nothing stays behind in the temporary folder', async () => {
  const { fetchFunction, ask } = await functionOf('export default () => [import.meta.url];', Fault.timeout({ page: 9 }));
  await ask(1);
  const { folder } = fetchFunction as unknown as { readonly folder: { readonly directory: string } };
  expect(existsSync(folder.directory)).toBe(true);
  await fetchFunction.close();
  expect(existsSync(folder.directory)).toBe(false);
});
