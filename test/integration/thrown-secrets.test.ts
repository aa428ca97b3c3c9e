import { Size } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { FetchPageHandler, TotalMismatch } from 'cdk-paginated-import';
import type { FetchPageRequest } from '../../src/protocol/fetch-contract';
import type { ImportResult } from '../../src/protocol/machine-state';
import { PLACES, QUOTES, SECRETS } from './fixtures/throwing.source';
import { handlerOf, importIdOf, Run, TestCloud } from './kit';

/** What a handler throws, with secrets of each kind in each place, and what is then seen of it: logs, history, states, errors, files. */

/** In place of a function in another language, whose second page fails: always, or at its first attempt. */
function throwingFunction(payload: unknown): unknown {
  const { pageNumber, attempt, input: { quote, recovers } } = payload as FetchPageRequest & { readonly input: FunctionInput };
  if (pageNumber === 1) return { records: [{ id: 1 }], nextPageToken: SECRETS.token, total: 7 };
  if (recovers === true && attempt > 1) return { records: [{ id: 2 }], total: 7 };
  throw Object.assign(new Error(QUOTES[quote]), { name: QUOTES[quote] });
}

interface FunctionInput {
  readonly quote: keyof typeof QUOTES;
  readonly recovers?: boolean;
}

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start((stack) => {
    const python = { runtime: lambda.Runtime.PYTHON_3_13, handler: 'handler.handler', code: lambda.Code.fromInline('never run here') };
    const fetchPage = FetchPageHandler.fromFunction(new lambda.Function(stack, 'ThrowingHandler', python));
    const props = { pageSize: 1, chunkSize: Size.bytes(1), maxAttemptsPerPage: 1 };
    stack.machine('Throwing', { ...props, fetchPage: handlerOf('throwing.source.ts') });
    stack.machine('ByFunction', { ...props, fetchPage });
    stack.machine('Recovering', {
      ...props,
      fetchPage,
      maxAttemptsPerPage: 2,
      onTotalMismatch: TotalMismatch.WARN,
      destination: stack.destination('recovered/{importId}.jsonl', { latestKey: 'recovered/latest.json' }),
    });
    stack.machine('Unloadable', { ...props, fetchPage: handlerOf('unloadable.source.ts') });
  }, { functions: { ThrowingHandler: throwingFunction } });
});
afterAll(async () => cloud?.[Symbol.asyncDispose]());

const INPUT = { since: SECRETS.input, credentials: { name: SECRETS.password } };

/** As they may be read anywhere; a short one as a word. */
const SEARCHED = [
  SECRETS.handler, SECRETS.record, ...[SECRETS.token, SECRETS.input].flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64').slice(0, 16)]),
].map((secret) => new RegExp(secret.replace(/[^\w ]/g, '\\$&'))).concat(new RegExp(`\\b${SECRETS.password}\\b`));

/** Where the input belongs: Step Functions keeps it in the history from the start to the end of the first state. */
const HOLDS_INPUT = ['ExecutionStarted', 'TaskStateEntered', 'TaskScheduled'];

function withSecret(texts: readonly string[]): string[] {
  return texts.filter((text) => SEARCHED.some((secret) => secret.test(text)));
}

const CASES = Object.keys(PLACES).flatMap((place) => Object.keys(QUOTES).map((quote) => ({ place, quote })));

/** Runs an import, and looks for secrets in all that is seen of it while it runs. */
async function runWithoutSecrets(machine: string, input: object): Promise<Run> {
  const before = cloud.log.length;
  const run = await cloud.run(machine, { ...INPUT, ...input });
  const lines = cloud.log.slice(before).map(({ text }) => text);
  const { input: given, ...result } = run.result;
  const events = run.events.filter(({ type, state }) => !(HOLDS_INPUT.includes(type) && (state === undefined || state === 'Initialize')));

  expect(withSecret(lines)).toEqual([]);
  expect(withSecret([JSON.stringify(given)])).toHaveLength(1);
  expect(withSecret([...events.map((event) => JSON.stringify(event)), JSON.stringify(result)])).toEqual([]);
  expect(lines.filter((line) => /"message":"paginated import (step|attempt) failed"/.test(line)).length).toBeGreaterThan(0);
  return run;
}

/** Files of an import in the cache, by their names. */
function filesOf(run: Run): [string, string][] {
  const files = cloud.cached().filter((key) => key.includes(importIdOf(run)) && key.endsWith('.json'));
  return files.map((key) => [key, JSON.stringify(cloud.cachedFile(key))]);
}

test.each(CASES)('$quote, in $place', async ({ place, quote }) => {
  const run = await runWithoutSecrets('Throwing', { place, quote });

  expect(run.result.status).toBe('FAILED');
  // They were there to be seen: the token of the page that failed, and the input.
  expect(withSecret(filesOf(run).map(([, text]) => text)).length).toBeGreaterThan(1);
});

test.each(Object.keys(QUOTES))('%s, thrown by a function', async (quote) => {
  expect((await runWithoutSecrets('ByFunction', { quote })).result.status).toBe('FAILED');
});

test('a module that throws while it is loaded', async () => {
  expect((await runWithoutSecrets('Unloadable', {})).result).toMatchObject({ status: 'FAILED', error: 'SourceLoadError' });
});

test.each(Object.keys(QUOTES))('%s, in an import that goes on and ends with a warning', async (quote) => {
  const run = await runWithoutSecrets('Recovering', { quote, recovers: true });
  const output = run.result.output as unknown as ImportResult;

  expect(output.warnings).toHaveLength(1);
  const published = [output.manifestKey, 'recovered/latest.json'].map((key) => cloud.local.s3.read(output.bucket, key).toString());
  expect(withSecret(published)).toEqual([]);
  // Token and input are where they belong, and nowhere else in the cache.
  const holders = filesOf(run).filter(([, text]) => withSecret([text]).length > 0).map(([key]) => key.split('/').slice(3).join('/'));
  expect(holders.filter((name) => name !== 'import.json' && !name.startsWith('commits/'))).toEqual([]);
  expect(holders.length).toBeGreaterThan(1);
});
