import { PAGE_ATTEMPTS } from '../../src/protocol/defaults';
import { LASTING_LAMBDA_ERRORS } from '../../src/protocol/lambda-failures';
import { entriesOf, EXAMPLES, OWN_NAMES, readErrorDocs, RETRIES, withMechanicalParts } from './error-docs';

const markdown = readErrorDocs();
const entries = entriesOf(markdown);
const documented = entries.flatMap(({ names }) => names);

/** Failures of AWS that end an execution and that no state retries. */
const NOT_RETRIED = ['States.TaskFailed', 'States.DataLimitExceeded', ...LASTING_LAMBDA_ERRORS];

test('every error of the catalogue has an example here', () => {
  expect(EXAMPLES.map(({ name }) => name).sort()).toEqual([...OWN_NAMES].sort());
  expect(OWN_NAMES.length).toBeGreaterThan(20);
});

test('every error of the catalogue, and every failure that is retried, has exactly one entry, and there is no other', () => {
  expect([...documented].sort()).toEqual([...new Set([...OWN_NAMES, ...RETRIES.keys(), ...NOT_RETRIED])].sort());
});

test('messages and retries are those of the code; `tsx test/docs/write-error-docs.ts` brings them up to date', () => {
  expect(withMechanicalParts(markdown)).toBe(markdown);
});

test.each(entries.map(({ names, text }) => [names.join(', '), names, text] as const))('%s: what it means, retries, what is lost, what to do', (_heading, names, text) => {
  const isOwn = OWN_NAMES.includes(names[0]!);

  expect(text).toMatch(/^### `[^\n]+`\n\n[A-Z][^>]+\.\n/);
  expect(text.match(/^> .+$/gm) ?? []).toHaveLength(isOwn ? 1 : 0);
  expect(text).toMatch(/^- \*\*Retried:\*\* (no|up to \d+ times, by [A-Z][^.]+)\./m);
  expect(text).toMatch(/^- \*\*Lost:\*\* [a-z][^-]*\.$/m);
  expect(text).toMatch(/^- \*\*Do:\*\* [a-z]/m);
});

test('the attempts at one page are the default', () => {
  expect(entries.find(({ names }) => names.includes('FetchPageError'))!.text).toContain(`${PAGE_ATTEMPTS} attempts`);
});

describe('the check itself', () => {
  test('notices another message and other retries', () => {
    const message = markdown.replace('> The fetch-page handler had not answered', '> The handler had not answered');
    const retries = markdown.replace('**Retried:** up to 10 times', '**Retried:** up to 9 times');
    const claimed = markdown.replace('**Retried:** no.', '**Retried:** up to 3 times, by Fetch.');

    for (const changed of [message, retries, claimed]) {
      expect(changed).not.toBe(markdown);
      expect(withMechanicalParts(changed)).toBe(markdown);
    }
  });
});
