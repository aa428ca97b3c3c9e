import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Size } from 'aws-cdk-lib';
import { type Ending, RECORD_MARKER, TOKEN_MARKER } from './fixtures/secret.source';
import { handlerOf, importIdOf, Run, TestCloud } from './kit';

/** What an import leaves in the cache, and what it tells in logs, states and errors. */

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start((stack) => {
    stack.machine('ThreePages', { pageSize: 2 });
    // Every page is a chunk of its own, whose record has a token.
    stack.machine('Secret', { fetchPage: handlerOf('secret.source.ts'), pageSize: 1, chunkSize: Size.bytes(1) });
  });
});
afterAll(async () => cloud?.[Symbol.asyncDispose]());

test('the files of a published import are those that docs/protocol.md lists', async () => {
  const documented = /<!-- listing -->\n```\n([\s\S]*?)```/.exec(readFileSync(join(__dirname, '../../docs/protocol.md'), 'utf8'))![1];
  let beforeCleanUp: string[] = [];
  const remove = cloud.local.s3.intercept(({ operation }) => {
    if (operation === 'DeleteObjects') beforeCleanUp = cloud.cached();
    return undefined;
  });
  const { output } = await cloud.import('ThreePages', { count: 6, style: 'flag' });
  remove();
  const listing = beforeCleanUp.map((key) => key.replace(cloud.folderOf(output.importId), '<cache prefix>/<series>/<importId>').replace(UUID, '<uuid>'));
  expect(`${listing.join('\n')}\n`).toBe(documented);
});

/** Endings, and the error that each comes to; none for an import that succeeds. */
const ENDINGS: readonly (readonly [Ending, string | undefined])[] = [
  ['the last page', undefined],
  ['a token that was seen before', 'PageTokenLoopError'],
  ['the records of the page before', 'RepeatedPageError'],
  ['a token that is too long', 'InvalidPageError'],
  ['a record that JSON cannot carry', 'InvalidPageError'],
  ['records keyed by something', 'InvalidPageError'],
  ['one record that is no array', 'InvalidPageError'],
  ['a flag that the token contradicts', 'InvalidPageError'],
  ['another style', 'InvalidPageError'],
  ['a total that does not match', 'TotalMismatchError'],
  ['no end of pauses', 'MaxWaitExceededError'],
  ['a dying process', 'Runtime.ExitError'],
];

test.each(ENDINGS)('%s: neither records nor page tokens are told in logs, states or errors', async (ending, error) => {
  const run = await cloud.run('Secret', { ending });
  expect(run.result.error).toBe(error);
  expect(commitLogOf(run)).toContain(TOKEN_MARKER);
  const told = [...cloud.log.map(({ text }) => text), ...run.events.map((event) => JSON.stringify(event)), JSON.stringify(run.result)];
  expect(told.filter((text) => text.includes(RECORD_MARKER) || text.includes(TOKEN_MARKER))).toEqual([]);
});

test('they are where they belong', async () => {
  const { output } = await cloud.import('Secret', { ending: 'the last page' });
  expect(cloud.records(output)).toEqual([1, 2, 3].map((id) => ({ id, card: `${RECORD_MARKER}-${id}` })));
});

/** The commit log of a run's import, without which nothing would have been there to be told. */
function commitLogOf(run: Run): string {
  return cloud.cachedOf(importIdOf(run), 'commits/').map((key) => JSON.stringify(cloud.cachedFile(key))).join('\n');
}
