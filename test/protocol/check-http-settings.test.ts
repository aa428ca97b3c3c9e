import { checkHttpSettings } from '../../src/protocol/http-check/check-http-settings';
import { ACCEPTED, having, SECRET, SINGLE, URL, withPagination } from './http-settings-cases';

test.each(ACCEPTED)('%s are accepted', (_, settings) => {
  expect(() => checkHttpSettings('here', settings)).not.toThrow();
});

test.each<[string, unknown, string]>([
  ['no settings', undefined, 'settings is missing; write the settings of a source: at least url and pagination instead'],
  ['a list', [], 'settings is a list; write the settings of a source: at least url and pagination instead'],
  ['no URL', { pagination: SINGLE }, 'url is missing; settings is the settings of a source: at least url and pagination'],
  ['a path for a URL', having({ url: '/orders' }), 'url is another text; write an address such as "https://api.example.com/orders" instead'],
  ['no pagination', { url: URL }, 'pagination is missing; settings is the settings of a source: at least url and pagination'],
  ['a pagination that is a text', withPagination('offset'), 'pagination is another text; write an object with style instead'],
  ['an unknown style', withPagination({ style: 'pages' }), 'pagination.style is another text; write one of "offset", "page", "token", "next-link", "link-header", "keyset", "time-window", "graphql", "single" instead'],
  ['a slip', having({ recrods: '$.data' }), 'recrods is not a setting; did you mean records?'],
  ['an unknown name', withPagination({ style: 'single', size: 5 }), 'pagination.size is not a setting; there are style'],
  ['a place of a wrong kind', withPagination({ style: 'page', page: 'page' }), 'pagination.page is another text; write { "query": "offset" }, or one with header, body or path instead'],
  ['two places at once', withPagination({ style: 'page', page: { query: 'page', header: 'Page' } }), 'pagination.page has more than one of query, header, body, path; write { "query": "offset" }, or one with header, body or path'],
  ['no place', withPagination({ style: 'page', page: {} }), 'pagination.page has none of query, header, body, path; write { "query": "offset" }, or one with header, body or path'],
  ['a pointer without a slash', withPagination({ style: 'page', page: { body: 'page' } }), 'pagination.page.body is another text; write a JSON Pointer such as "/page/offset" instead'],
  ['a path that is no JSONPath', having({ records: 'data' }), 'records is another text; write a JSONPath such as "$.data" instead'],
  ['a first page that is neither 0 nor 1', withPagination({ style: 'page', page: { query: 'p' }, first: 2 }), 'pagination.first is 2; write a whole number such as 1 instead'],
  ['a status that is none', having({ end: { statuses: [99] } }), 'end.statuses[0] is 99; write a whole number such as 404 instead'],
  ['a rate of nothing', having({ rateLimit: { perSecond: 0 } }), 'rateLimit.perSecond is 0; write a number above 0 such as 5 instead'],
  ['an action that is none', having({ errors: [{ statuses: [400], action: 'explode' }] }), 'errors[0].action is another text; write "retry" or "wait" or "fail" or "end" or "refresh" or "smaller-page" or "accept" instead'],
  ['a regular expression that is none', having({ errors: [{ body: '$.e', matches: '(', action: 'fail' }] }), 'errors[0].matches is another text; write a regular expression such as "^busy" instead'],
  ['a rule for everything', having({ errors: [{ action: 'fail' }] }), 'errors[0] holds for every response; write at least one of statuses, body and header'],
  ['a pattern for nothing', having({ errors: [{ statuses: [400], matches: 'x', action: 'fail' }] }), 'errors[0].matches needs a value to match; write its JSONPath as errors[0].body, or errors[0].header'],
  ['an origin with a path', having({ origins: ['https://files.example.com/a'] }), 'origins[0] is another text; write an origin such as "https://files.example.com", without a path instead'],
  ['a secret in plain text', having({ auth: { kind: 'bearer', token: 'hunter2' } }), 'auth.token is another text; write { "secretArn": "arn:aws:secretsmanager:..." }, or one with parameterName or environment instead'],
  ['a secret of two places', having({ auth: { kind: 'bearer', token: { ...SECRET, parameterName: 'p' } } }), 'auth.token has more than one of secretArn, parameterName, environment; write { "secretArn": "arn:aws:secretsmanager:..." }, or one with parameterName or environment'],
  ['a key in the body', having({ auth: { kind: 'api-key', key: SECRET, send: { body: '/key' } } }), 'auth.send is neither a header nor a query parameter; write { "header": "X-Api-Key" }'],
  ['credentials without encryption', having({ url: 'http://api.example.com', auth: { kind: 'bearer', token: SECRET } }), 'credentials would be sent without encryption; write https:// instead of http://'],
  ...['https://{input.host}/', 'https://{input.host}', 'https://api.{input.host}/x', 'https://{input.host}:8443/', 'https://{input.host}.com/'].map((url): [string, object, string] => (
    [`a host that the input decides, ${url}`, { url, pagination: { style: 'single' }, auth: { kind: 'bearer', token: SECRET } },
      'the input of an execution would decide to which host the credentials are sent; write the end of the host in url, such as https://{input.shop}.example.com']
  )),
  ['a placeholder that the URL lacks', withPagination({ style: 'page', page: { path: 'page' } }), 'pagination has { "path": "page" }, but url has no {page}; write {page} where the value goes'],
  ['a body that is to be got', having({ method: 'GET', body: {} }), 'method is GET, but the request has a body; leave method out, or write "POST"'],
  ['a token in a body that is to be got', { url: URL, method: 'GET', pagination: { style: 'token', token: { body: '$.n' }, send: { body: '/n' } } }, 'method is GET, but the request has a body; leave method out, or write "POST"'],
  ['a short page of no size', having({ end: { shortPage: true } }), 'end.shortPage needs a number of records that is asked for; write where it goes, as pagination.size or pagination.limit'],
  ['a window that ends before it starts', withPagination({
    style: 'time-window', from: { query: 'f' }, to: { query: 't' }, start: '2026-01-02T00:00:00Z', end: '2026-01-01T00:00:00Z', windowSeconds: 60,
  }), 'pagination.start is not before pagination.end'],
  ['a time that is none', withPagination({ style: 'time-window', from: { query: 'f' }, to: { query: 't' }, start: 'yesterday', windowSeconds: 60 }), 'pagination.start is another text; write an ISO 8601 time such as "2026-01-01T00:00:00Z", or a placeholder such as "{input.since}" instead'],
])('%s is refused', (_, settings, message) => {
  expect(() => checkHttpSettings('here', settings)).toThrow(new Error(`here: ${message}`));
});
