import { z } from 'zod';
import { defineSource, NonRetryableError, RetryLaterError, SourceRequest, StandardSchema } from '../../src/source';

const REQUEST: SourceRequest = {
  pageToken: null, offset: 0, pageNumber: 3, pageSize: 2, input: { since: '2026-01-01' }, importId: 'import-1', attempt: 1, signal: new AbortController().signal,
};

/** A schema of no library, that answers later. */
const doubled: StandardSchema<unknown, number> = {
  '~standard': { version: 1, vendor: 'test', validate: async (value) => typeof value === 'number' ? { value: 2 * value } : { issues: [{ message: 'no number' }] } },
};

describe('without schemas', () => {
  test('the handler gets the request as it is, and its answer is handed on as it is', async () => {
    const answer = { records: [1], nextPageToken: 'c' };
    const fetchPage = jest.fn(() => answer);

    await expect(defineSource({ fetchPage }).fetchPage(REQUEST)).resolves.toBe(answer);
    expect(fetchPage).toHaveBeenCalledWith(REQUEST);
  });

  test('what the handler throws is thrown', async () => {
    const error = new Error('503');

    await expect(defineSource({ fetchPage: () => { throw error; } }).fetchPage(REQUEST)).rejects.toBe(error);
  });
});

describe('a schema of the input', () => {
  const source = defineSource({ input: z.object({ since: z.coerce.date() }), fetchPage: ({ input }) => [input.since.getUTCFullYear()] });

  test('makes the input what the handler gets', async () => {
    await expect(source.fetchPage(REQUEST)).resolves.toEqual([2026]);
  });

  test('that does not match is no reason to try again, and the message names the field but not the value', async () => {
    const failure = source.fetchPage({ ...REQUEST, input: { since: 'MARKER' } });

    await expect(failure).rejects.toThrow(NonRetryableError);
    await expect(failure).rejects.toThrow(/^The input of the execution does not match its schema: since: /);
    await expect(failure).rejects.not.toThrow('MARKER');
  });
});

describe('a schema of the records', () => {
  test.each<[string, unknown, unknown]>([
    ['a bare array', [1, 2], [2, 4]],
    ['a page with a token', { records: [1], nextPageToken: 'c', total: 9 }, { records: [2], nextPageToken: 'c', total: 9 }],
    ['an empty page', { records: [], hasMore: true }, { records: [], hasMore: true }],
    ['a wait', { retryAfterSeconds: 5 }, { retryAfterSeconds: 5 }],
    ['what is no page, for the loop to refuse', { data: [1] }, { data: [1] }],
    ['nothing, for the loop to refuse', undefined, undefined],
    ['null, for the loop to refuse', null, null],
    ['records that are none, for the loop to refuse', { records: 'a' }, { records: 'a' }],
  ])('makes the records what is imported: %s', async (_what, answer, checked) => {
    await expect(defineSource({ record: doubled, fetchPage: () => answer as [] }).fetchPage(REQUEST)).resolves.toEqual(checked);
  });

  test('leaves what cannot be read to the loop, which refuses it', async () => {
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    const answer = { get records(): unknown[] { throw new Error('MARKER'); } };

    await expect(defineSource({ record: doubled, fetchPage: () => ({ records: proxy }) }).fetchPage(REQUEST)).resolves.toHaveProperty('records');
    await expect(defineSource({ record: doubled, fetchPage: () => answer }).fetchPage(REQUEST)).resolves.toBe(answer);
  });

  test('that one does not match fails the import, with its place in the page', async () => {
    const record = z.object({ id: z.number(), tags: z.array(z.string()) });
    const source = defineSource({ record, fetchPage: () => [{ id: 1, tags: [] }, { id: 2, tags: ['a', 7] }] });
    const failure = source.fetchPage(REQUEST);

    await expect(failure).rejects.toThrow(NonRetryableError);
    await expect(failure).rejects.toThrow(/^records\[1\] of page 3 does not match its schema: tags\.1: /);
  });

  test('that fails by itself is no mismatch', async () => {
    const broken: StandardSchema = { '~standard': { version: 1, vendor: 'test', validate: () => { throw new TypeError('a bug in the schema'); } } };

    await expect(defineSource({ record: broken, fetchPage: () => [1] }).fetchPage(REQUEST)).rejects.toThrow(TypeError);
  });

  test('may name a path in objects, or none; what it does not declare is data', async () => {
    const withIssues = (issues: { message: string; path?: (string | { key: string })[] }[]) => defineSource({
      record: { '~standard': { version: 1, vendor: 'test', validate: () => ({ issues }) } }, fetchPage: () => [1],
    }).fetchPage(REQUEST);

    await expect(withIssues([{ message: 'bad' }, { message: 'worse', path: [{ key: 'a' }, 'b'] }])).rejects.toThrow('schema: invalid; <key>.<key>: invalid');
  });
});

describe('errors', () => {
  test('are known by their names, whichever copy of the class they are of', () => {
    expect(new NonRetryableError('gone', { cause: 1 })).toMatchObject({ name: 'NonRetryableError', message: 'gone', cause: 1 });
    expect(new RetryLaterError(30)).toMatchObject({ name: 'RetryLaterError', retryAfterSeconds: 30, message: 'The source asks for a retry in 30 s' });
    expect(new RetryLaterError(30, 'quota')).toMatchObject({ message: 'quota' });
  });
});
