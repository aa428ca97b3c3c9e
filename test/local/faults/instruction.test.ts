import { PageRequest, FaultDesk, fetchUnderFaults, Instruction } from '../../../src/local/faults/instruction';

const PAGE: PageRequest = { importId: 'i', pageNumber: 2, pageToken: 't2', input: {} };
const LARGEST_BYTES = 1000;

/** Fetches the page with a handler that answers so. */
async function fetchPage(instruction: Instruction | undefined, answer: unknown): Promise<{ page: any; calls: number; injected: number[] }> {
  const injected: number[] = [];
  const desk: FaultDesk = { instruct: async () => instruction, noteInjected: async (fault) => void injected.push(fault) };
  let calls = 0;
  const handler = () => {
    calls += 1;
    return answer;
  };
  const page = await fetchUnderFaults(desk, PAGE, handler, LARGEST_BYTES);
  return { page, calls, injected };
}

test('without a fault the handler answers', async () => {
  expect(await fetchPage(undefined, [1])).toEqual({ page: [1], calls: 1, injected: [] });
});

test('an answer in its place leaves the handler alone', async () => {
  const answer = { retryAfterSeconds: 5 };
  expect(await fetchPage({ kind: 'answer', answer }, [1])).toEqual({ page: answer, calls: 0, injected: [] });
});

test('an error in its place has name and message', async () => {
  const error = { name: 'TimeoutError', message: 'late' };
  await expect(fetchPage({ kind: 'throw', ...error }, [1])).rejects.toMatchObject(error);
});

test('a token takes the place of the handler\'s, and of a flag beside it', async () => {
  const answer = { records: [1], nextPageToken: null, hasMore: false, total: 4 };
  expect(await fetchPage({ fault: 3, kind: 'repeat-token', token: 't2' }, answer))
    .toEqual({ page: { records: [1], nextPageToken: 't2', total: 4 }, calls: 1, injected: [3] });
});

describe('a page that is blown up passes the limit and keeps its number of records', () => {
  test.each([
    ['an array', [1, 2, 3], 3],
    ['an object', { records: [1, 2], nextPageToken: 't3' }, 2],
    ['an empty page, which gets one', { records: [], nextPageToken: 't3' }, 1],
  ])('%s', async (_, answer, count) => {
    const { page, injected } = await fetchPage({ fault: 1, kind: 'oversize' }, answer);
    const records = Array.isArray(page) ? page : page.records;
    expect(records).toHaveLength(count);
    expect(JSON.stringify(records).length).toBeGreaterThan(LARGEST_BYTES);
    expect(page.nextPageToken).toBe((answer as { nextPageToken?: string }).nextPageToken);
    expect(injected).toEqual([1]);
  });
});

test.each([
  [{ retryAfterSeconds: 3 }], [null], [undefined], ['text'], [{ records: 'none' }],
])('what is no page stays as it is, and counts for nothing: %p', async (answer) => {
  expect(await fetchPage({ fault: 0, kind: 'oversize' }, answer)).toEqual({ page: answer, calls: 1, injected: [] });
  expect(await fetchPage({ fault: 0, kind: 'repeat-token', token: 't2' }, answer)).toEqual({ page: answer, calls: 1, injected: [] });
});
