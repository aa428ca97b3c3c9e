import { HttpErrorAction, FetchPageHandler, OffsetAdvance, Pagination, RequestField, ResponseField } from 'cdk-paginated-import';
import { ExecutionResult } from 'cdk-paginated-import/local';
import { Answer, numbered, Received, ScriptedServer } from '../source/http/kit';
import { TestCloud } from './kit';

/** The whole machine with a source without code. */

const ALL = numbered(25);
const LIMIT = RequestField.query('limit');

let server: ScriptedServer;
let cloud: TestCloud;
/** Pages that the server refuses, by their offset. */
const broken = new Set<number>();
let waitsAt: number | undefined;

beforeAll(async () => {
  server = await ScriptedServer.start(answer);
  const { origin: url } = server;
  const http = (props: Partial<Parameters<typeof FetchPageHandler.http>[0]>): FetchPageHandler => FetchPageHandler.http({
    url: `${url}/{input.tenant}`, pagination: Pagination.offset({ offset: RequestField.query('offset'), limit: LIMIT }), privateNetwork: true, ...props,
  });
  cloud = await TestCloud.start((stack) => {
    stack.machine('Offset', { fetchPage: http({ total: ResponseField.body('$.total') }) });
    stack.machine('Capped', {
      fetchPage: http({ pagination: Pagination.offset({ offset: RequestField.query('offset'), advance: OffsetAdvance.RECEIVED }) }),
    });
    stack.machine('Token', {
      fetchPage: http({
        pagination: Pagination.token({ token: ResponseField.body('$.next'), send: RequestField.query('offset'), size: LIMIT }),
        errors: [{ statuses: [409], action: HttpErrorAction.RETRY }],
      }),
    });
  });
});
afterAll(async () => {
  await cloud?.[Symbol.asyncDispose]();
  await server?.close();
});
beforeEach(() => { broken.clear(); });

function answer({ query, url }: Received): Answer {
  const [offset, limit] = [Number(query.offset ?? 0), Number(query.limit ?? 7)];
  if (!url.startsWith('/blue%20sky')) return { status: 404, body: { message: 'no such tenant' } };
  if (broken.has(offset)) return { status: 400, body: { message: 'broken' } };
  if (waitsAt === offset) {
    waitsAt = undefined;
    return { status: 429, headers: { 'retry-after': '30' } };
  }
  const records = ALL.slice(offset, offset + limit);
  return { body: { records, total: 25, next: offset + limit < 25 ? String(offset + limit) : null } };
}

function messageOf({ cause }: ExecutionResult): string {
  return (JSON.parse(cause!) as { readonly errorMessage: string }).errorMessage;
}

const INPUT = { tenant: 'blue sky' };

test.each([['Offset', 3], ['Capped', 5], ['Token', 3]])('%s: every record comes once, in order', async (machine, pages) => {
  const { output } = await cloud.import(machine, INPUT);
  expect(cloud.records(output)).toEqual(ALL);
  expect(output).toMatchObject({ outcome: 'published', records: 25, pages, warnings: [] });
});

test('a wait that the source asks for is made in a Wait state', async () => {
  waitsAt = 10;
  const { output, events } = await cloud.import('Token', INPUT);
  expect(cloud.records(output)).toEqual(ALL);
  expect(events.filter(({ type }) => type === 'WaitStarted').map(({ seconds }) => seconds)).toEqual([30]);
});

test('a failed import says what the source answered, and is resumed at the exact page', async () => {
  broken.add(20);
  const { result } = await cloud.run('Offset', INPUT);
  expect(result).toMatchObject({ status: 'FAILED', error: 'FetchPageError' });
  // The input is a secret to the redactor, also where it is a part of the URL.
  expect(messageOf(result)).toMatch(/page 3, attempt 1.*GET http:\/\/127\.0\.0\.1:\d+\/\[input\] answered 400 Bad Request: \{"message":"broken"\}/);
  const importId = /"resumeFrom": ?"([\w-]+)"/.exec(messageOf(result))![1];
  broken.clear();
  const before = server.received.length;
  const { output } = await cloud.import('Offset', { resumeFrom: importId });
  expect(cloud.records(output)).toEqual(ALL);
  expect(server.received.slice(before).map(({ query }) => query.offset)).toEqual(['20']);
});

test('a field that the input lacks is named, and nothing is retried', async () => {
  const before = server.received.length;
  const { result } = await cloud.run('Offset', {});
  expect(messageOf(result)).toMatch(/The execution's input has nothing at input\.tenant/);
  expect(server.received).toHaveLength(before);
});

test('what the source refuses for good fails at once', async () => {
  const before = server.received.length;
  const { result } = await cloud.run('Offset', { tenant: 'red' });
  expect(messageOf(result)).toMatch(/answered 404 Not Found: \{"message":"no such tenant"\}/);
  expect(server.received).toHaveLength(before + 1);
});
