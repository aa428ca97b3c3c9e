import * as fc from 'fast-check';
import { plainRedactor, redactorOf } from '../../../src/runtime/errors/redact';

describe('what secrets look like', () => {
  test.each<[string, string, string]>([
    ['a query', 'GET https://api.example.com/v1/orders?api_key=abc123&limit=25 failed', 'GET https://api.example.com/v1/orders?api_key=[redacted]&limit=[redacted] failed'],
    ['a query of a path', 'GET /orders?token=abc%2F= : 503', 'GET /orders?token=[redacted] : 503'],
    ['a query in quotes', 'url "https://a.example/?k=v" is wrong', 'url "https://a.example/?k=[redacted]" is wrong'],
    ['a fragment', 'https://a.example/callback#access_token=abc', 'https://a.example/callback#[redacted]'],
    ['a user and a password', 'https://user:pa55@db.example:8080/x', 'https://[redacted]@db.example:8080/x'],
    ['of another scheme', 'postgres://user:pa55@db/x', 'postgres://[redacted]@db/x'],
    ['a header', 'headers: Authorization: Bearer abc.def-ghi', 'headers: Authorization: [redacted]'],
    ['a header of another scheme', 'authorization: AWS4-HMAC-SHA256 Credential=AKIA/2026', 'authorization: [redacted]'],
    ['a header as JSON', '{"authorization":"Token abc","accept":"*/*"}', '{"authorization":"[redacted]","accept":"*/*"}'],
    ['a header as Node.js shows it', "{ Authorization: 'Basic dXNlcjpwYTU1' }", "{ Authorization: '[redacted]' }"],
    ['a bearer alone', 'invalid token: bearer eyJhbGciOi.J9', 'invalid token: bearer [redacted]'],
    ['basic alone', 'sent Basic dXNlcjpwYTU1cw== to it', 'sent Basic [redacted] to it'],
  ])('%s', (_what, text, redacted) => {
    expect(plainRedactor(text)).toBe(redacted);
  });

  test.each([
    'the orders API answered 503',
    'connect ECONNREFUSED 127.0.0.1:8080',
    'basic authentication is required; the bearer token has expired',
    'getaddrinfo ENOTFOUND api.example.com',
    'Is it really so? I think so & more',
    'https://api.example.com/v1/orders/17',
  ])('and what does not: %s', (text) => {
    expect(plainRedactor(text)).toBe(text);
  });
});

describe('what a page was asked for with', () => {
  const redact = redactorOf({ pageToken: { after: 'Tok en/1' }, input: { apiKey: 'k3y-of "the" source', region: 'north', nested: [{ password: 'hunter22' }], since: 20260101 } });

  test.each<[string, string, string]>([
    ['the page token', 'bad cursor Tok en/1', 'bad cursor [page token]'],
    ['in a URL', 'GET /pages/Tok%20en%2F1', 'GET /pages/[page token]'],
    ['in a form', 'after Tok+en%2F1', 'after [page token]'],
    ['the input', 'wrong password: hunter22!', 'wrong password: [input]!'],
    ['in JSON', '{"apiKey":"k3y-of \\"the\\" source"}', '{"apiKey":"[input]"}'],
    ['a number', 'since 20260101', 'since [input]'],
    ['but no short strings', 'the region north', 'the region north'],
  ])('%s', (_what, text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });

  test('the longer of two comes first', () => {
    expect(redactorOf({ pageToken: null, input: ['password', 'password-1'] })('password-1')).toBe('[input]');
  });

  test('short page tokens are left, since they are anywhere', () => {
    expect(redactorOf({ pageToken: 'c2', input: null })('c2c')).toBe('c2c');
  });

  test('is nowhere in a text around it, whatever it is', () => {
    fc.assert(fc.property(fc.string({ minLength: 8, unit: 'binary' }), fc.string(), fc.string(), (secret, before, after) => {
      fc.pre(!'[page token]'.includes(secret) && !'[redacted]'.includes(secret));
      const text = redactorOf({ pageToken: secret, input: null })(`${before} ${secret} ${after}`);
      expect(text.split(secret).length - 1).toBeLessThanOrEqual(`${before} [page token] ${after}`.split(secret).length - 1);
    }));
  });
});
