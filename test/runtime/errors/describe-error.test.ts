import { once } from 'node:events';
import { AddressInfo, createServer } from 'node:net';
import * as vm from 'node:vm';
import { describeError, framesOf } from '../../../src/runtime/errors/describe-error';

async function thrownBy(work: () => Promise<unknown>): Promise<unknown> {
  return work().then(() => { throw new Error('it did not fail'); }, (error: unknown) => error);
}

describe('what fetch hides behind "fetch failed"', () => {
  test('a connection that is refused', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');

    expect(describeError(await thrownBy(() => fetch(`http://127.0.0.1:${port}/`))))
      .toBe(`TypeError: fetch failed; caused by Error: connect ECONNREFUSED 127.0.0.1:${port}`);
  });

  test('a host that has no address', async () => {
    expect(describeError(await thrownBy(() => fetch('http://no-such-host.invalid/'))))
      .toMatch(/^TypeError: fetch failed; caused by Error: getaddrinfo (ENOTFOUND|EAI_AGAIN) no-such-host\.invalid/);
  });

  test('a server without TLS', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const error = await thrownBy(() => fetch(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`));
    server.close();

    expect(describeError(error)).toMatch(/^TypeError: fetch failed; caused by Error \(code ERR_SSL_[A-Z_]+\): .*ssl/i);
  });

  test('a connection that ends without a reply', async () => {
    const server = createServer((socket) => socket.on('data', () => socket.destroy()));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const error = await thrownBy(() => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
    server.close();

    expect(describeError(error)).toMatch(/^TypeError: fetch failed; caused by SocketError \(code UND_ERR_SOCKET\): other side closed/);
  });

  test('a time limit', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const error = await thrownBy(() => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { signal: AbortSignal.timeout(20) }));
    server.close();

    expect(describeError(error)).toBe('TimeoutError: The operation was aborted due to timeout');
  });
});

describe('errors', () => {
  const refused = (address: string): Error => Object.assign(new Error(`connect ECONNREFUSED ${address}`), { code: 'ECONNREFUSED' });

  test.each<[string, unknown, string]>([
    ['an error', new RangeError('out of range'), 'RangeError: out of range'],
    ['one without a message', new RangeError(), 'RangeError'],
    ['a code that the message leaves out', Object.assign(new Error('boom'), { code: 'E_BOOM' }), 'Error (code E_BOOM): boom'],
    ['one that it has', refused('127.0.0.1:1'), 'Error: connect ECONNREFUSED 127.0.0.1:1'],
    ['a status', Object.assign(new Error('failed'), { status: 503 }), 'Error (HTTP 503): failed'],
    ['the same status twice', Object.assign(new Error('failed'), { status: 503, statusCode: 503 }), 'Error (HTTP 503): failed'],
    ['a code that is a sentence', Object.assign(new Error('boom'), { code: 'a whole sentence' }), 'Error: boom'],
    ['a code that is a number', Object.assign(new Error('boom'), { code: 23 }), 'Error: boom'],
    ['several causes', new Error('a', { cause: new TypeError('b', { cause: new RangeError('c') }) }), 'Error: a; caused by TypeError: b; caused by RangeError: c'],
    ['a cause that is a string', new Error('a', { cause: 'b' }), 'Error: a; caused by "b"'],
    ['a cause that is a number', new Error('a', { cause: 5 }), 'Error: a; caused by a value of type number'],
    ['a cause that is null', new Error('a', { cause: null }), 'Error: a'],
    ['a cause that says nothing', new Error('a', { cause: {} }), 'Error: a; caused by a value of type object'],
    [
      'several errors', Object.assign(new AggregateError([refused('::1:80'), refused('127.0.0.1:80')]), { code: 'ECONNREFUSED' }),
      'AggregateError (code ECONNREFUSED): 2 errors: Error: connect ECONNREFUSED ::1:80, Error: connect ECONNREFUSED 127.0.0.1:80',
    ],
    [
      'very many errors', new AggregateError(Array.from({ length: 100 }, (_, index) => new Error(String(index))), 'all'),
      'AggregateError: all: 100 errors: Error: 0, Error: 1, Error: 2, Error: 3, ...',
    ],
    ['a list of that name with something else in it', Object.assign(new Error('a'), { errors: [{ message: 'b' }] }), 'Error: a'],
    ['something like an error', { name: 'ValueError', message: 'no such table' }, 'ValueError: no such table'],
    ['a message alone', { message: 'no such table' }, 'no such table'],
    ['a string', 'quota', '"quota"'],
    ['nothing', undefined, 'a value of type undefined'],
  ])('%s', (_what, error, text) => {
    expect(describeError(error)).toBe(text);
  });

  test('of another realm', () => {
    expect(describeError(vm.runInNewContext('new AggregateError([new TypeError("b")], "a")'))).toBe('AggregateError: a: 1 error: TypeError: b');
  });
});

describe('describing anything ends, and throws nothing', () => {
  test('an error that is its own cause', () => {
    const error = new Error('a');
    error.cause = error;

    expect(describeError(error)).toBe('Error: a; caused by an error named before');
  });

  test('a cycle', () => {
    const inner = new Error('b');
    const outer = new Error('a', { cause: inner });
    inner.cause = outer;

    expect(describeError(outer)).toBe('Error: a; caused by Error: b; caused by an error named before');
  });

  test('an endless chain', () => {
    const endless = (depth: number): Error => Object.defineProperty(new Error(String(depth)), 'cause', { get: () => endless(depth + 1) });

    expect(describeError(endless(0))).toBe('Error: 0; caused by Error: 1; caused by Error: 2; caused by Error: 3; caused by Error: 4; caused by Error: 5; caused by more errors');
  });

  test('an endless tree', () => {
    const endless = (): Error => Object.defineProperty(new Error('x'), 'errors', { get: () => [endless(), endless(), endless(), endless()] });

    expect(describeError(endless()).length).toBeLessThan(50_000);
  });

  test('getters that throw', () => {
    const error = new Proxy(new Error('a'), { get: () => { throw new Error('a trap'); } });

    expect(describeError(error)).toBe('a value of type object');
    expect(framesOf(error)).toEqual([]);
  });

  test('a proxy that was revoked', () => {
    const { proxy, revoke } = Proxy.revocable(new Error('a'), {});
    revoke();

    expect(describeError(proxy)).toBe('a value of type object');
    expect(describeError(new Error('b', { cause: proxy }))).toBe('Error: b; caused by a value of type object');
  });

  test('an endless message is cut', () => {
    expect(describeError(new Error('x'.repeat(5000)))).toBe(`Error: ${'x'.repeat(1000)} [4000 characters more]`);
    expect(describeError(new Error('x'.repeat(1_000_000))).length).toBeLessThan(1100);
  });
});

test('a secret across the cut is not shown in part', () => {
  const redact = (text: string): string => text.replaceAll('secret-of-the-source', '[redacted]');

  expect(describeError(new Error(`${'x'.repeat(990)}secret-of-the-source`), redact)).not.toContain('secret');
});

test('a stack is shown by its innermost frames, without the message', () => {
  const frames = framesOf(new Error('a message\nof two lines'));

  expect(frames.length).toBeGreaterThan(0);
  expect(frames.length).toBeLessThanOrEqual(5);
  expect(frames[0]).toMatch(/^at .*describe-error\.test\.ts/);
  expect(frames.join()).not.toContain('message');
});
