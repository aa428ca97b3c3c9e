import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { JsonValue } from '../../../src/protocol/json';
import { plainRedactor, redactorOf } from '../../../src/runtime/errors/redact';

describe('forms of secrets', () => {
  test.each<[string, string, string]>([
    ['a query', 'GET https://api.example.com/v1/orders?api_key=abc123&limit=25 failed', 'GET https://api.example.com/v1/orders?api_key=[redacted]&limit=[redacted] failed'],
    ['a query of a path', 'GET /orders?token=abc%2F= : 503', 'GET /orders?token=[redacted] : 503'],
    ['a query in quotes', 'url "https://a.example/?k=v" is wrong', 'url "https://a.example/?k=[redacted]" is wrong'],
    ['a query without names', 'GET https://a.example/x?abc123&d', 'GET https://a.example/x?[redacted]&[redacted]'],
    ['a query with a very long name', `/x?${'n'.repeat(5000)}=abc123`, `/x?${'n'.repeat(5000)}=[redacted]`],
    ['a query with an apostrophe', "/x?q=O'Brien-abc&r=1", '/x?q=[redacted]&r=[redacted]'],
    ['a query of JSON', '/x?filter={"id":"abc"}&n=1 failed', '/x?filter=[redacted] failed'],
    ['a query in quotes of its own', '/x?q="a b" failed', '/x?q=[redacted] failed'],
    ['a query whose ampersand JSON has escaped', '{"url":"/x?a=1\\u0026key=abc"}', '{"url":"/x?a=[redacted]"}'],
    ['a query that is encoded', 'next=%2Fx%3Fa%3D1%26key%3Dabc failed', 'next=%2Fx%3Fa%3D[redacted] failed'],
    ['a fragment', 'https://a.example/callback#access_token=abc', 'https://a.example/callback#[redacted]'],
    ['a user and a password', 'https://user:pa55@db.example:8080/x', 'https://[redacted]@db.example:8080/x'],
    ['a password with an @', 'https://user:pa@55@db.example/x', 'https://[redacted]@db.example/x'],
    ['a password in escaped JSON', '"https:\\/\\/user:pa55@db.example\\/x"', '"https:\\/\\/[redacted]@db.example\\/x"'],
    ['of another scheme', 'postgres://user:pa55@db/x', 'postgres://[redacted]@db/x'],
    ['a header', 'headers: Authorization: Bearer abc.def-ghi', 'headers: Authorization: [redacted]'],
    ['a header of another scheme', 'authorization: AWS4-HMAC-SHA256 Credential=AKIA/2026, Signature=abc', 'authorization: [redacted]'],
    ['a header with quotes in it', 'Authorization: Digest username="u", response="abc"', 'Authorization: [redacted]'],
    ['a header as JSON', '{"authorization":"Token abc","accept":"*/*"}', '{"authorization":"[redacted]","accept":"*/*"}'],
    ['a header as JSON in JSON', '"{\\"authorization\\":\\"Token abc\\",\\"accept\\":\\"*/*\\"}"', '"{\\"authorization\\":\\"[redacted]\\",\\"accept\\":\\"*/*\\"}"'],
    ['a header as Node.js shows it', "{ Authorization: 'Basic dXNlcjpwYTU1' }", "{ Authorization: '[redacted]' }"],
    ['headers as a map', inspect(new Map([['x-api-key', 'abc d']])), "Map(1) { 'x-api-key' => '[redacted]' }"],
    ['headers as lists', inspect({ 'x-api-key': ['abc d'] }), "{ 'x-api-key': [ '[redacted]' ] }"],
    ['headers one after the other', "[ 'X-Api-Key', 'abc d', 'accept', '*/*' ]", "[ 'X-Api-Key', '[redacted]', 'accept', '*/*' ]"],
    ['a key of an API', 'sent x-api-key: abc to it', 'sent x-api-key: [redacted] to it'],
    ['a key in a form', 'body apikey=abc;limit=1', 'body apikey=[redacted];limit=1'],
    ['cookies', 'Cookie: a=b; session=abc\nAccept: */*', 'Cookie: [redacted]\nAccept: */*'],
    ['cookies that are set', '{"set-cookie":["a=b; Path=/"]}', '{"set-cookie":["[redacted]"]}'],
    ['fields of a client', '{ clientSecret: "a \\"b", password: \'c\', accessToken: d }', '{ clientSecret: "[redacted]", password: \'[redacted]\', accessToken: [redacted] }'],
    ['a bearer alone', 'invalid token: bearer eyJhbGciOi.J9', 'invalid token: bearer [redacted]'],
    ['a short one', 'Bearer abc', 'Bearer [redacted]'],
    ['basic alone', 'sent Basic dXNlcjpwYTU1cw== to it', 'sent Basic [redacted] to it'],
    ['what JSON.parse quotes', messageOf(() => JSON.parse('{"name":Alice}')), 'Unexpected token \'A\', "[redacted]" is not valid JSON'],
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
    'no author: Jane, key: orders/17.json, keyboard: qwerty',
    messageOf(() => JSON.parse('<!DOCTYPE html><html>')),
  ])('and what does not: %s', (text) => {
    expect(plainRedactor(text)).toBe(text);
  });
});

function messageOf(work: () => unknown): string {
  try {
    return String(work());
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the token and the input of a page request', () => {
  const input = { apiKey: 'k3y-of "the" source', region: 'north', nested: [{ password: 'hunter22' }], since: 20260101 };
  const redact = redactorOf({ pageToken: { after: 'Tok en/1' }, input });

  test.each<[string, string, string]>([
    ['the page token', 'bad cursor Tok en/1', 'bad cursor [page token]'],
    ['in a path', 'GET /pages/Tok%20en%2F1', 'GET /pages/[page token]'],
    ['in a path with lower-case escapes', 'GET /pages/Tok%20en%2f1', 'GET /pages/[page token]'],
    ['in a form', 'after Tok+en%2F1', 'after [page token]'],
    ['encoded twice', 'after Tok%2520en%252F1', 'after [page token]'],
    ['in base64', `cursor ${Buffer.from('Tok en/1').toString('base64')}.`, 'cursor [page token].'],
    ['in hex', `cursor ${Buffer.from('Tok en/1').toString('hex')}.`, 'cursor [page token].'],
    ['in JSON with escaped slashes', 'after Tok en\\/1', 'after [page token]'],
    ['the input', 'wrong hunter22!', 'wrong [input]!'],
    ['in JSON', '{"key of the API":"k3y-of \\"the\\" source"}', '{"key of the API":"[input]"}'],
    ['in JSON in JSON', '"{\\"k\\":\\"k3y-of \\\\\\"the\\\\\\" source\\"}"', '"{\\"k\\":\\"[input]\\"}"'],
    ['in XML', '<k>k3y-of &quot;the&quot; source</k>', '<k>[input]</k>'],
    ['a number', 'since 20260101', 'since [input]'],
    ['after a name', 'wrong password: hunter22!', 'wrong password: [redacted]'],
    ['in a query', 'GET https://a.example/?after=Tok%20en%2F1&n=1', 'GET https://a.example/?after=[redacted]&n=[redacted]'],
    ['in a query that is not encoded', 'GET https://a.example/?after=Tok en/1&n=1', 'GET https://a.example/?after=[redacted]&n=[redacted]'],
    ['but no short strings', 'the region north', 'the region north'],
  ])('%s', (_what, text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });

  test.each<[string, JsonValue]>([
    ['a password', { password: 'q7' }], ['a key', { api_key: 'q7' }], ['a token', { refreshToken: 'q7' }], ['a secret', { 'CLIENT-SECRET': 'q7' }], ['of a secret', { credentials: { name: ['q7'] } }],
  ])('a string of any length, if its field is named like %s', (_name, short) => {
    expect(redactorOf({ pageToken: null, input: short })('who sent q7, q77, q7?')).toBe('who sent [input], q77, [input]?');
  });

  test('the longer of two comes first', () => {
    expect(redactorOf({ pageToken: null, input: ['a passage', 'a passage-1'] })('a passage-1')).toBe('[input]');
  });

  test('short page tokens are kept, since they occur anywhere', () => {
    expect(redactorOf({ pageToken: 'c2', input: null })('c2c')).toBe('c2c');
  });

  test.each<[string, number, number]>([['longer than what is read', 60_000, 0], ['that what is read cuts', 500, 19_800]])('a token %s leaves nothing behind', (_what, length, before) => {
    const token = Array.from({ length }, (_, index) => index.toString(36)).join('.');
    const shown = redactorOf({ pageToken: token, input: null })(`https://a.example/?x=${'x'.repeat(before)} ${token}`);

    expect(shown).not.toContain(token.slice(0, 20));
  });
});

/** How a text may quote a string. */
const FORMS: Readonly<Record<string, (secret: string) => string>> = {
  'as it is': (secret) => secret,
  'in a path': encodeURIComponent,
  'in a path, lower case': (secret) => encodeURIComponent(secret).replace(/%../g, (byte) => byte.toLowerCase()),
  'in a query': (secret) => `/x?after=${encodeURIComponent(secret)}`,
  'in a form': (secret) => new URLSearchParams({ a: secret }).toString().slice(2),
  'encoded twice': (secret) => encodeURIComponent(encodeURIComponent(secret)),
  'in JSON': (secret) => JSON.stringify({ secret }),
  'in JSON in JSON': (secret) => JSON.stringify(JSON.stringify([secret])),
  'as Node.js shows it': (secret) => inspect({ secret }, { maxStringLength: null }),
  'in base64': (secret) => Buffer.from(secret).toString('base64'),
  'in base64url': (secret) => Buffer.from(secret).toString('base64url'),
  'in a cursor of base64': (secret) => Buffer.from(JSON.stringify({ id: secret })).toString('base64'),
  'in hex': (secret) => Buffer.from(secret).toString('hex'),
};

const NAMES = /\[page token\]|\[input\]|\[redacted\]/g;

describe('no text shows a secret, whatever stands around it', () => {
  const secrets = fc.string({ minLength: 8, maxLength: 60, unit: fc.constantFrom(...'abcXYZ0189-_.~/+=&?#%"\'\\ é😀') }).filter((text) => text.trim().length >= 8);
  const around = fc.string({ maxLength: 30 });

  test.each(Object.entries(FORMS))('%s', (_form, write) => {
    fc.assert(fc.property(secrets, around, around, fc.boolean(), (secret, before, after, isToken) => {
      const redact = redactorOf(isToken ? { pageToken: { after: secret }, input: null } : { pageToken: null, input: [{ since: secret }] });
      const shown = redact(`${before} ${write(secret)} ${after}`).split(NAMES);

      for (const written of Object.values(FORMS)) expect(shown.some((part) => part.includes(written(secret)))).toBe(false);
    }), { numRuns: 200 });
  });
});

test.each<[string, string]>([
  ['letters', 'a'], ['ampersands', '&'], ['question marks', '?'], ['schemes', 'a://'], ['user names', 'a://b@'], ['names', 'a-'], ['secret names', 'token'], ['headers', 'authorization'],
  ['quotes', 'token:"'], ['backslashes', 'token\\'], ['bearers', 'bearer '], ['encoded queries', '%3fa'], ['unread JSON', ', "a'], ['brackets', 'key:['], ['the start of a secret', 'abcdefg '],
])('takes no longer for a text of %s than its length allows', (_what, piece) => {
  const redact = redactorOf({ pageToken: 'abcdefgh', input: Array.from({ length: 2000 }, (_, index) => `abcdefg ${index}`) });
  const text = piece.repeat(Math.ceil(20_000 / piece.length));
  redact(text);
  const before = performance.now();
  redact(text);

  // Some milliseconds; a quadratic pattern takes seconds.
  expect(performance.now() - before).toBeLessThan(500);
});
