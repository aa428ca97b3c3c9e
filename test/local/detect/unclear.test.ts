import { detectSource } from '../../../src/local/detect/detect-source';
import { Proposal } from '../../../src/local/detect/proposal';
import { proposalText } from '../../../src/local/detect/proposal-text';
import { Answer, numbered, Received, ScriptedServer, TestTools } from '../../source/http/kit';

/** Servers that do not say enough, mislead, or refuse. */

let server: ScriptedServer;
let answer: (request: Received) => Answer;
beforeAll(async () => { server = await ScriptedServer.start((request) => answer(request)); });
afterAll(async () => server.close());
beforeEach(() => { server.received.length = 0; });

async function detect(path = '/orders', headers: readonly (readonly [string, string])[] = []): Promise<Proposal> {
  const request = { url: `${server.origin}${path}`, headers, privateNetwork: true, signal: new AbortController().signal };
  return detectSource(request, new TestTools());
}

function notSure({ findings }: Proposal): Record<string, string> {
  return Object.fromEntries(findings.filter(({ isSure }) => !isSure).map(({ setting, reason }) => [setting, reason]));
}

describe('what it is not sure of', () => {
  test('one list, whatever is asked: one response, and a doubt', async () => {
    answer = () => ({ body: numbered(10) });
    const proposal = await detect();
    expect(proposal.settings).toMatchObject({ pagination: { style: 'single' }, records: '$' });
    expect(notSure(proposal).pagination).toMatch(/If there are more, only the first page would be imported/);
  });

  test('a token that no usual parameter takes is still proposed', async () => {
    answer = ({ query }) => ({ body: { data: numbered(10, query.weird === 'x' ? 10 : 0), next_cursor: 'x' } });
    const proposal = await detect();
    expect(proposal.settings.pagination).toMatchObject({ style: 'token', token: { body: '$.next_cursor' } });
    expect(notSure(proposal).pagination).toMatch(/asking for a second page as usual brought none, or the same records/);
  });

  test('an empty list', async () => {
    answer = () => ({ body: { data: [] } });
    expect(notSure(await detect()).records).toMatch(/empty, so that hardly anything can be told/);
  });

  test('several lists: the longest one of objects', async () => {
    answer = () => ({ body: { data: numbered(3), items: [{ tag: 1 }], names: ['a', 'b', 'c', 'd'] } });
    const proposal = await detect();
    expect(proposal.settings.records).toBe('$.data');
    expect(notSure(proposal).records).toMatch(/the longest of 3 lists/);
  });

  test('everything on one page, with signs of a style', async () => {
    answer = () => ({ body: { data: numbered(3), links: { next: null } } });
    const proposal = await detect();
    expect(proposal.settings.pagination).toMatchObject({ style: 'next-link', link: { body: '$.links.next' } });
    expect(notSure(proposal).pagination).toMatch(/No second page has shown it/);
  });

  test('names that steer a terminal are not shown as they are', async () => {
    answer = () => ({ body: { 'da\u202eta': numbered(3), 'next\u001b[2J': 'a' } });
    const proposal = await detect();
    expect(proposal.settings.records).toBe('$[\'da\u202eta\']');
    expect(proposalText(proposal)).toContain('$[\'da ta\']');
  });

  test('a list that no path can point to', async () => {
    answer = () => ({ body: { 'data\u001b[2J': numbered(3) } });
    await expect(detect()).rejects.toThrow(/has no list of records/);
  });

  test('a count of the page is no total', async () => {
    answer = ({ query }) => {
      const data = numbered(Number(query.limit ?? 10), Number(query.offset ?? 0));
      return { body: { count: data.length, data } };
    };
    const { settings } = await detect('/orders?offset=0&limit=10');
    expect(settings).toMatchObject({ pagination: { style: 'offset' } });
    expect(settings.total).toBeUndefined();
  });

  test('it asks a limited number of times', async () => {
    answer = () => ({ body: { data: numbered(10), has_more: true, next: 'a', page: 1, offset: 0 } });
    await detect();
    expect(server.received.length).toBeLessThanOrEqual(45);
  });
});

describe('answers that are no lists', () => {
  test.each<[string, Answer, RegExp]>([
    ['a web page', { body: '<html>Log in</html>', headers: { 'content-type': 'text/html' } }, /the response is a web page, not data/],
    ['a refusal', { status: 401, body: { error: 'who are you' } }, /answered 401 Unauthorized: .*who are you/],
    ['a missing page', { status: 404, body: { error: 'nothing' } }, /answered 404 Not Found/],
    ['nothing', { body: '' }, /has no list of records: it has no body/],
    ['an object', { body: { status: 'ok', version: 3 } }, /has no list of records: it has the fields status \(a string\), version \(a number\)/],
    ['a text', { body: '"hello"' }, /has no list of records: it has a string/],
    ['half of a list', { body: '[{"id":1},' }, /the body is not JSON/],
    ['a redirect to another host', { status: 302, headers: { location: 'http://169.254.169.254/latest' } }, /leads to http:\/\/169\.254\.169\.254/],
  ])('%s', async (_, given, message) => {
    answer = () => given;
    await expect(detect()).rejects.toThrow(message);
  });

  test('addresses inside are refused unless allowed', async () => {
    const request = { url: `${server.origin}/orders`, headers: [], privateNetwork: false, signal: new AbortController().signal };
    await expect(detectSource(request, new TestTools())).rejects.toThrow(/privateNetwork/);
  });
});

describe('credentials', () => {
  const RECORDS = numbered(4);

  test.each<[string, readonly [string, string], object, string]>([
    ['a bearer token', ['Authorization', 'Bearer hunter2'], { kind: 'bearer', token: { environment: 'SOURCE_TOKEN' } }, 'SOURCE_TOKEN'],
    ['user and password', ['authorization', `Basic ${Buffer.from('ada:hunter2').toString('base64')}`],
      { kind: 'basic', user: { environment: 'SOURCE_USER' }, password: { environment: 'SOURCE_PASSWORD' } }, 'SOURCE_USER and SOURCE_PASSWORD'],
    ['another scheme', ['Authorization', 'Token hunter2'], { kind: 'api-key', key: { environment: 'SOURCE_TOKEN' }, send: { header: 'Authorization' } }, 'SOURCE_TOKEN'],
    ['a key', ['X-Api-Key', 'hunter2'], { kind: 'api-key', key: { environment: 'SOURCE_TOKEN' }, send: { header: 'X-Api-Key' } }, 'SOURCE_TOKEN'],
    ['a cookie', ['Cookie', 'sid=hunter2'], { kind: 'api-key', key: { environment: 'SOURCE_TOKEN' }, send: { header: 'Cookie' } }, 'SOURCE_TOKEN'],
  ])('%s is sent, and neither written nor shown', async (_, [name, value], auth, variables) => {
    answer = ({ headers, query: { offset = 0 } }) => {
      const isAllowed = headers[name.toLowerCase()] === value;
      return isAllowed ? { body: RECORDS.slice(Number(offset), Number(offset) + 2) } : { status: 403 };
    };
    const proposal = await detect('/orders?offset=0', [[name, value], ['X-Team', 'blue']]);
    expect(proposal.settings).toMatchObject({ auth, headers: { 'X-Team': 'blue' } });
    expect(proposalText(proposal)).toContain(`set the environment variable ${variables}`);
    expect(JSON.stringify(proposal)).not.toMatch(/hunter2|aHVudGVyMg|YWRhOmh1bnRlcjI/);
  });

  test('a key in the address is taken out of it', async () => {
    answer = ({ query }) => (query.api_key === 'hunter2' ? { body: RECORDS } : { status: 403 });
    const proposal = await detect('/orders?status=open&api_key=hunter2');
    expect(proposal.settings).toMatchObject({
      url: `${server.origin}/orders?status=open`, auth: { kind: 'api-key', key: { environment: 'SOURCE_TOKEN' }, send: { query: 'api_key' } },
    });
    expect(JSON.stringify(proposal)).not.toContain('hunter2');
  });

  test('a refusal that quotes the credential does not show it', async () => {
    answer = ({ headers }) => ({ status: 403, body: { said: headers.authorization } });
    const failed = await detect('/orders', [['Authorization', 'Bearer hunter2']]).catch((error: Error) => error.message);
    expect(failed).toMatch(/answered 403/);
    expect(failed).not.toContain('hunter2');
  });

  test('two credentials are one too many', async () => {
    await expect(detect('/orders?token=hunter2', [['X-Api-Key', 'hunter3']])).rejects.toThrow(/the header X-Api-Key and the parameter token look like credentials/);
    expect(server.received).toEqual([]);
  });
});
