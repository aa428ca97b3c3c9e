import { HttpAuth, RefreshTokenAuth } from '../../../../src/protocol/http-settings';
import { NonRetryableError } from '../../../../src/source/handler/errors';
import { HttpSource } from '../../../../src/source/http/http-source';
import { Answer, Received, requestFor, ScriptedServer, Script, TestTools } from '../kit';

/** A server that replaces the refresh token at each use, as many do: the old one ends at once. */
class TokenServer {
  public valid = 'R-1';
  public granted = 0;

  public exchange({ body }: Received): Answer {
    if (new URLSearchParams(body).get('refresh_token') !== this.valid) return { status: 400, body: { error: 'invalid_grant', error_description: body } };
    this.granted++;
    this.valid = `R-${this.granted + 1}`;
    return { body: { access_token: `A-${this.granted}`, expires_in: 3600, refresh_token: this.valid } };
  }
}

let server: ScriptedServer;
let tokens: TokenServer;
let answer: Script;
let tools: TestTools;
/** What the source is asked with, and what is stored at that moment. */
let asked: string[];

beforeAll(async () => { server = await ScriptedServer.start((request, response) => answer(request, response)); });
afterAll(async () => server.close());
beforeEach(() => {
  server.received.length = 0;
  asked = [];
  tools = new TestTools();
  tokens = new TokenServer();
  Object.assign(tools.secrets, { refresh: 'R-1', id: 'shop', secret: 's&cret', REFRESH: 'R-1' });
  answer = (request) => (request.url === '/token' ? tokens.exchange(request) : page(request));
});

function page({ headers }: Received): Answer {
  asked.push(`${headers.authorization}, stored ${tools.secrets.refresh}`);
  return { body: [] };
}

function sourceWith(fields: Partial<RefreshTokenAuth> = {}): HttpSource {
  const auth: HttpAuth = {
    kind: 'refresh-token', tokenUrl: `${server.origin}/token`, clientId: { secretArn: 'id' }, refreshToken: { secretArn: 'refresh' }, ...fields,
  };
  return new HttpSource({ url: `${server.origin}/orders`, pagination: { style: 'single' }, privateNetwork: true, auth }, tools);
}

async function failureOf(source: HttpSource): Promise<{ readonly name: string; readonly message: string }> {
  return source.fetchPage(requestFor()).then(() => { throw new Error('it did not fail'); }, (error: Error) => error);
}

test.each([
  ['with a secret', { clientSecret: { secretArn: 'secret' }, scope: 'a b' }, 'grant_type=refresh_token&refresh_token=R-1&scope=a+b', `Basic ${btoa('shop:s%26cret')}`],
  ['of a public client', {}, 'grant_type=refresh_token&refresh_token=R-1&client_id=shop', undefined],
])('a refresh token is exchanged, %s', async (_, fields, body, authorization) => {
  await sourceWith(fields).fetchPage(requestFor());

  expect(server.received[0]).toMatchObject({ method: 'POST', url: '/token', body });
  expect(server.received[0]!.headers.authorization).toBe(authorization);
});

test('the new one is stored before the access token is used, at each exchange', async () => {
  const source = sourceWith();
  await source.fetchPage(requestFor());
  await source.fetchPage(requestFor());
  tools.time += 3_541_000;
  await source.fetchPage(requestFor());

  expect(asked).toEqual(['Bearer A-1, stored R-2', 'Bearer A-1, stored R-2', 'Bearer A-2, stored R-3']);
});

test('pages that are asked for at the same time exchange it once', async () => {
  const source = sourceWith();
  await Promise.all([1, 2, 3].map(async () => source.fetchPage(requestFor())));

  expect(tokens.granted).toBe(1);
});

test('pages whose access token is refused at the same time exchange it once more', async () => {
  const source = sourceWith();
  answer = (request) => (request.url === '/token' ? tokens.exchange(request) : request.headers.authorization === 'Bearer A-1' ? { status: 401 } : page(request));
  await source.fetchPage(requestFor());

  expect(asked).toEqual(['Bearer A-2, stored R-3']);
});

test('a server that does not replace it, or sends it again, has nothing stored', async () => {
  const write = jest.spyOn(tools, 'writeSecret');
  let answers = 0;
  answer = (request) => (request.url === '/token' ? { body: { access_token: 'A', ...answers++ === 0 && { refresh_token: 'R-1' } } } : page(request));
  const source = sourceWith();
  await source.fetchPage(requestFor());
  tools.time += 3_600_000;
  await source.fetchPage(requestFor());

  expect(answers).toBe(2);
  expect(write).not.toHaveBeenCalled();
});

test('an access token that expires at once is used once, and not asked for without end', async () => {
  answer = (request) => (request.url === '/token' ? { body: { access_token: 'A', expires_in: 0.001 } } : page(request));
  await sourceWith().fetchPage(requestFor());

  expect(server.received.map(({ url }) => url)).toEqual(['/token', '/orders']);
});

test('a secret that is an object keeps its other fields, and large numbers in them', async () => {
  tools.secrets.refresh = '{"account":12345678901234567890,"token":"R-1","more":{"x":null}}';
  await sourceWith({ refreshToken: { secretArn: 'refresh', field: 'token' } }).fetchPage(requestFor());

  expect(tools.secrets.refresh).toBe('{"account":12345678901234567890,"token":"R-2","more":{"x":null}}');
});

test('what another process has changed in the object meanwhile is kept, too', async () => {
  tools.secrets.refresh = '{"token":"R-1","other":1}';
  answer = (request) => {
    if (request.url !== '/token') return page(request);
    tools.secrets.refresh = '{"token":"R-1","other":2}';
    return tokens.exchange(request);
  };
  await sourceWith({ refreshToken: { secretArn: 'refresh', field: 'token' } }).fetchPage(requestFor());

  expect(JSON.parse(tools.secrets.refresh)).toEqual({ token: 'R-2', other: 2 });
});

describe('when another process has used the token', () => {
  beforeEach(() => { tokens.valid = 'R-other'; });

  test('its new one is taken from where it was stored', async () => {
    tools.secrets.refresh = 'R-1';
    answer = (request) => {
      if (request.url !== '/token') return page(request);
      const refused = tokens.exchange(request);
      tools.secrets.refresh = tokens.valid;
      return refused;
    };
    await sourceWith().fetchPage(requestFor());

    expect(asked).toEqual(['Bearer A-1, stored R-2']);
    expect(tools.waits).toEqual([]);
  });

  test('and has not stored its new one yet, that is waited for', async () => {
    const { sleep } = tools;
    jest.spyOn(tools, 'sleep').mockImplementation(async (milliseconds) => {
      await sleep(milliseconds);
      tools.secrets.refresh = tokens.valid;
    });
    await sourceWith().fetchPage(requestFor());

    expect(asked).toEqual(['Bearer A-1, stored R-2']);
    expect(tools.waits).toEqual([1_000]);
  });

  test('and it stays the same, a new login is asked for, without the token', async () => {
    expect(await failureOf(sourceWith())).toMatchObject({
      name: 'NonRetryableError',
      message: `${server.origin}/token refused the refresh token with status 400 (invalid_grant): it has expired, was withdrawn, or was used before. `
        + 'Log in again, and store the new one. The secret refresh has the old one',
    });
    expect(server.received).toHaveLength(1);
    expect(tools.waits).toEqual([1_000, 4_000]);
  });

  test('and its new one is refused as well, it is tried no further', async () => {
    answer = (request) => {
      tools.secrets.refresh = 'R-7';
      return { ...tokens.exchange(request) };
    };

    expect((await failureOf(sourceWith())).message).toContain('Log in again');
    expect(server.received).toHaveLength(2);
  });
});

describe('a new token that cannot be stored fails the import', () => {
  test.each<[string, Error, number]>([
    ['at once if it may not be', new NonRetryableError('The secret refresh could not be written (AccessDenied)'), 1],
    ['after three attempts', new Error('The secret refresh could not be written (Throttling)'), 3],
  ])('%s', async (_, failure, attempts) => {
    const write = jest.spyOn(tools, 'writeSecret').mockRejectedValue(failure);

    expect(await failureOf(sourceWith())).toMatchObject({
      name: 'NonRetryableError',
      message: `The source has replaced the refresh token, and the new one could not be kept: ${failure.message}. `
        + 'Let the fetch function write there, log in again, and store the new token; the old one may no longer work',
    });
    expect(write).toHaveBeenCalledTimes(attempts);
    expect(asked).toEqual([]);
  });

  test('and the message shows neither token', async () => {
    jest.spyOn(tools, 'writeSecret').mockImplementation(async (_, text) => { throw new Error(`cannot put ${text} in place of R-1 for A-1`); });

    expect((await failureOf(sourceWith())).message).toContain('cannot put [secret] in place of [secret] for [secret]. Let');
  });

  test('unless a later attempt works', async () => {
    jest.spyOn(tools, 'writeSecret').mockRejectedValueOnce(new Error('throttled'));
    await sourceWith().fetchPage(requestFor());

    expect(asked).toEqual(['Bearer A-1, stored R-2']);
    expect(tools.waits).toEqual([500]);
  });

  test('in an object that is none any more, which is not quoted', async () => {
    tools.secrets.refresh = '{"token":"R-1"}';
    answer = (request) => {
      tools.secrets.refresh = 'hunter2 {';
      return tokens.exchange(request);
    };

    expect((await failureOf(sourceWith({ refreshToken: { secretArn: 'refresh', field: 'token' } }))).message)
      .toMatch(/could not be kept: its secret is no JSON object any more, so it has no field token\. Let/);
    expect(tools.secrets.refresh).toBe('hunter2 {');
  });
});

test('a page that is called off after the server has replaced the token does not lose the new one', async () => {
  const page1 = new AbortController();
  answer = (request) => {
    if (request.url === '/token') page1.abort(new Error('out of time'));
    return request.url === '/token' ? tokens.exchange(request) : page(request);
  };

  await expect(sourceWith().fetchPage(requestFor({ signal: page1.signal }))).rejects.toThrow();
  expect(tools.secrets.refresh).toBe('R-2');
  expect(asked).toEqual([]);
});

test('from an environment variable, the new one is remembered, and the run is told so', async () => {
  const source = sourceWith({ refreshToken: { environment: 'REFRESH' } });
  await source.fetchPage(requestFor());
  tools.time += 3_600_000;
  await source.fetchPage(requestFor());

  expect(tokens.granted).toBe(2);
  expect(tools.secrets.REFRESH).toBe('R-1');
  expect(tools.logged[0]).toBe('The source has replaced the refresh token. The environment variable REFRESH still has the old one, which may no longer work in the next '
    + 'run. Keep the token in Secrets Manager or SSM, where the new one can be stored.');
});

test.each<[string, Answer, string, string]>([
  ['another refusal', { status: 401, body: { error: 'invalid_client' } }, 'NonRetryableError', 'refused the refresh token with status 401 (invalid_client)'],
  ['a passing failure', { status: 503 }, 'Error', 'answered 503'],
  ['an answer without a token', { body: { refresh_token: 'R-2' } }, 'NonRetryableError', 'answered without an access_token'],
])('%s is told', async (_, given, name, message) => {
  answer = () => given;

  expect(await failureOf(sourceWith())).toMatchObject({ name, message: `${server.origin}/token ${message}` });
});

test('a message of the source has none of the tokens', async () => {
  answer = (request) => (request.url === '/token' ? tokens.exchange(request) : { status: 400, body: { message: `A-1 R-1 R-2 ${request.headers.authorization}` } });

  expect((await failureOf(sourceWith())).message).toContain('{"message":"[secret] [secret] [secret] Bearer [secret]"}');
});
