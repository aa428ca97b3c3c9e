import { Size } from 'aws-cdk-lib';
import { FetchPageHandler, OffsetAdvance, Pagination, RequestField, ResponseField } from 'cdk-paginated-import';
import { ExecutionResult } from 'cdk-paginated-import/local';
import { Answer, numbered, Received, ScriptedServer } from '../source/http/kit';
import { TestCloud } from './kit';

/** The whole machine with sources that mislead it: an import has every record once, or fails and says why. */

const ALL = numbered(25);
const [OFFSET, LIMIT] = [RequestField.query('offset'), RequestField.query('limit')];
/** What each server does, by the name in its path. */
const SERVERS: Readonly<Record<string, (request: Received, requests: number) => Answer>> = {
  'honest': ({ query }) => page(query, 1000),
  'same-page': () => ({ body: { records: ALL.slice(0, 10), next: 'more' } }),
  'cycle': ({ query: { cursor = '0' } }) => ({ body: { records: [{ id: Number(cursor) }], next: String((Number(cursor) + 1) % 3) } }),
  'same-page-new-tokens': (_, requests) => ({ body: { records: ALL.slice(0, 10), next: String(requests) } }),
  'capped': ({ query }) => page(query, 4),
  'shrinking': ({ query }) => page(query, Number(query.offset ?? 0) === 0 ? 10 : 3),
  'repeating': ({ query: { offset, limit } }) => page({ limit, offset: String(Math.max(0, Number(offset) - 10)) }, 1000),
  'losing': ({ query }) => ({ body: { records: ALL.filter(({ id }) => id % 5 > 0).slice(Number(query.offset), Number(query.offset) + 10), total: 25 } }),
  'growing': ({ query }) => ({ body: { records: ALL.slice(Number(query.offset), Number(query.offset) + 10), total: 25 + Number(query.offset) } }),
  'refusing': ({ query }, requests) => ([2, 3].includes(requests) ? { status: 429, headers: { 'retry-after': String(60 + requests) } } : page(query, 1000)),
  'leading-away': () => ({ status: 302, headers: { location: 'http://169.254.169.254/latest/meta-data' } }),
  'huge': ({ query: { limit } }) => ({ body: JSON.stringify([{ id: 1, text: 'x'.repeat(100 * Number(limit) * 1024 * 1024) }]) }),
  'cut-off': ({ query }, requests) => (requests < 3 ? { body: '{"records": [{"id": 1}' } : page(query, 1000)),
};

function page({ offset = '0', limit = '10' }: Partial<Received['query']>, cap: number): Answer {
  const [start, size] = [Number(offset), Math.min(Number(limit), cap)];
  const records = ALL.slice(start, start + size);
  return { body: { records, next: start + size < ALL.length ? String(start + size) : null } };
}

let server: ScriptedServer;
let cloud: TestCloud;

beforeAll(async () => {
  server = await ScriptedServer.start((request) => {
    const name = new URL(request.url, 'http://server').pathname.slice(1);
    return SERVERS[name]!(request, server.received.length);
  });
  const http = (pagination: Pagination, props: object = {}): FetchPageHandler => FetchPageHandler.http({
    url: `${server.origin}/{input.server}`, pagination, privateNetwork: true, ...props,
  });
  cloud = await TestCloud.start((stack) => {
    stack.machine('Offset', { fetchPage: http(Pagination.offset({ offset: OFFSET, limit: LIMIT })) });
    stack.machine('Received', { fetchPage: http(Pagination.offset({ offset: OFFSET, limit: LIMIT, advance: OffsetAdvance.RECEIVED })) });
    stack.machine('Total', { fetchPage: http(Pagination.offset({ offset: OFFSET, limit: LIMIT }), { total: ResponseField.body('$.total') }) });
    stack.machine('Token', { fetchPage: http(Pagination.token({ token: ResponseField.body('$.next'), send: RequestField.query('cursor') })) });
    stack.machine('TokenOfOffset', { fetchPage: http(Pagination.token({ token: ResponseField.body('$.next'), send: OFFSET })) });
    stack.machine('Single', { fetchPage: http(Pagination.singlePage(), { maxResponseSize: Size.mebibytes(80), query: { limit: '1' } }) });
  });
});
afterAll(async () => {
  await cloud?.[Symbol.asyncDispose]();
  await server?.close();
});
beforeEach(() => { server.received.length = 0; });

function messageOf({ cause }: ExecutionResult): string {
  return (JSON.parse(cause!) as { readonly errorMessage: string }).errorMessage;
}

test.each([
  ['that shrinks its pages', 'shrinking', 'Received'],
  ['that shrinks its pages, with tokens', 'shrinking', 'TokenOfOffset'],
  ['that gives fewer records than it is asked for', 'capped', 'Received'],
  ['whose answers are cut off at first', 'cut-off', 'TokenOfOffset'],
])('a server %s: every record comes once', async (_, name, machine) => {
  const { output } = await cloud.import(machine, { server: name });

  expect(cloud.records(output)).toEqual(ALL);
});

test.each([
  ['that gives one page for ever', 'same-page', 'Token', 'RepeatedPageError', /^Page 2/],
  ['that gives one page for ever, by offset', 'same-page', 'Offset', 'RepeatedPageError', /^Page 2/],
  ['that gives one page for ever, with new tokens', 'same-page-new-tokens', 'Token', 'RepeatedPageError', /^Page 2/],
  ['whose tokens go in a circle', 'cycle', 'Token', 'PageTokenLoopError', /page/],
  ['that gives fewer records than it is asked for', 'capped', 'Offset', 'ShortPageError', /^Page 1/],
  ['that shrinks its pages', 'shrinking', 'Offset', 'ShortPageError', /^Page 2/],
  ['that gives a page twice', 'repeating', 'Offset', 'RepeatedPageError', /^Page 2/],
  ['that loses records of its total', 'losing', 'Total', 'TotalMismatchError', /25/],
  ['whose total grows faster than it can be read', 'growing', 'Total', 'TotalMismatchError', /45/],
  ['that leads to the metadata service', 'leading-away', 'Offset', 'FetchPageError', /leads to http:\/\/169\.254\.169\.254, which is not its own origin/],
  ['whose page has 100 MiB', 'huge', 'Single', 'FetchPageError', /the response has more than 83886080 bytes: make the pages smaller/],
])('a server %s: the import fails, and says why', async (_, name, machine, error, message) => {
  const { result } = await cloud.run(machine, { server: name });

  expect(result).toMatchObject({ status: 'FAILED', error });
  expect(messageOf(result)).toMatch(message);
});

test('a server that refuses again and again is waited for as it says', async () => {
  const { output, events } = await cloud.import('Offset', { server: 'refusing' });

  expect(cloud.records(output)).toEqual(ALL);
  expect(events.filter(({ type }) => type === 'WaitStarted').map(({ seconds }) => seconds)).toEqual([62, 63]);
});
