import { Size } from 'aws-cdk-lib';
import { PLACES, QUOTES, SECRETS } from './fixtures/throwing.source';
import { handlerOf, importIdOf, TestCloud } from './kit';

/** What a handler throws, with secrets of each kind in each place, and what is then seen of it: logs, history, states, errors, files. */

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start((stack) => {
    stack.machine('Throwing', { fetchPage: handlerOf('throwing.source.ts'), pageSize: 1, chunkSize: Size.bytes(1), maxAttemptsPerPage: 1 });
  });
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

test.each(CASES)('$quote, in $place', async ({ place, quote }) => {
  const before = cloud.log.length;
  const run = await cloud.run('Throwing', { ...INPUT, place, quote });
  const lines = cloud.log.slice(before).map(({ text }) => text);

  expect(run.result.status).toBe('FAILED');
  expect(lines.filter((line) => line.includes('"message":"paginated import step failed"')).length).toBeGreaterThan(0);
  expect(withSecret(lines)).toEqual([]);
  const { input, ...result } = run.result;
  expect(withSecret([JSON.stringify(input)])).toHaveLength(1);
  const events = run.events.filter(({ type, state }) => !(HOLDS_INPUT.includes(type) && (state === undefined || state === 'Initialize')));
  expect(withSecret([...events.map((event) => JSON.stringify(event)), JSON.stringify(result)])).toEqual([]);
  // They were there to be seen: the token of the page that failed, and the input.
  const files = cloud.cached().filter((key) => key.includes(importIdOf(run)) && key.endsWith('.json'));
  const kept = files.map((key) => JSON.stringify(cloud.cachedFile(key)));
  expect(withSecret(kept).length).toBeGreaterThan(1);
});
