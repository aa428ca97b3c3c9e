import { HttpDecoder, HttpErrorAction, HttpMethod, HttpSettings, LargeNumbers, OffsetAdvance, TimeFormat } from '../../src/protocol/http-settings';

export const URL = 'https://api.example.com/orders';
export const SINGLE = { style: 'single' };
export const SECRET = { secretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop', field: 'token' };

export function withPagination(pagination: unknown): unknown {
  return { url: URL, pagination };
}

export function having(settings: object): unknown {
  return { url: URL, pagination: SINGLE, ...settings };
}

const EVERYTHING: HttpSettings = {
  url: 'https://api.example.com/{input.tenant}/orders',
  method: HttpMethod.POST,
  headers: { Accept: 'application/json' },
  query: { status: 'open', deep: true, level: 2 },
  body: { filter: { since: '{input.since}' } },
  pagination: { style: 'offset', offset: { body: '/offset' }, limit: { body: '/limit' }, advance: OffsetAdvance.RECEIVED },
  records: '$.data',
  end: { hasMore: { body: '$.more' }, lastPage: { body: '$.last' }, totalPages: { header: 'X-Pages' }, statuses: [204], shortPage: true, missingRecords: true },
  total: { body: '$.total' },
  decoder: HttpDecoder.JSON,
  auth: { kind: 'bearer', token: SECRET },
  rateLimit: { perSecond: 0.5, perMinute: 20, reserve: 0 },
  errors: [{ statuses: [409], body: '$.error', matches: '^busy', header: 'X-Busy', action: HttpErrorAction.RETRY }],
  origins: ['https://files.example.com'],
  privateNetwork: false,
  timeouts: { connectSeconds: 1, headersSeconds: 2, bodySeconds: 3 },
  maxResponseBytes: 1000,
  largeNumbers: LargeNumbers.TEXT,
};

/** Settings that are right, and what they show. */
export const ACCEPTED: [string, unknown][] = [
  ['all settings', EVERYTHING],
  ['page numbers', withPagination({ style: 'page', page: { query: 'page' }, size: { query: 'size' }, first: 0 })],
  ['a token', withPagination({ style: 'token', token: { header: 'X-Next' }, send: { header: 'X-After' }, first: 0 })],
  ['a link', withPagination({ style: 'next-link', link: { body: '$.next' } })],
  ['the Link header', withPagination({ style: 'link-header', rel: 'next' })],
  ['a keyset', withPagination({ style: 'keyset', field: '$.id', send: { query: 'after' }, inclusive: true })],
  ['windows of time', withPagination({
    style: 'time-window', from: { query: 'from' }, to: { query: 'to' }, start: '{input.since}', end: '2026-01-01T00:00:00Z', windowSeconds: 60, format: TimeFormat.ISO,
  })],
  ['GraphQL', withPagination({ style: 'graphql', query: '{ a }', variables: { a: 1 }, pageInfo: '$.data.a.pageInfo', cursorVariable: 'c', sizeVariable: 's' })],
  ['a key', having({ auth: { kind: 'api-key', key: { parameterName: '/key' }, send: { query: 'key' } } })],
  ['a job', {
    url: `${URL}/{job}`, pagination: SINGLE, job: {
      createUrl: URL, createBody: { since: '{input.since}' }, id: { body: '$.id' }, statusUrl: `${URL}/jobs/{job}`, statusBody: {}, state: { body: '$.state' },
      done: ['done'], failed: ['failed'], files: '$.files[*].url', pollSeconds: 5,
    },
  }],
  ['a user', having({ auth: { kind: 'basic', user: 'ada', password: { environment: 'PASSWORD' } } })],
  ['a client', having({ auth: { kind: 'client-credentials', tokenUrl: 'https://login.example.com', clientId: 'id', clientSecret: SECRET, scope: 'a', audience: 'b' } })],
  ['tokens of the CDK', having({ url: 'https://${Token[Api.12]}/', auth: { kind: 'bearer', token: { secretArn: '${Token[Arn.7]}' } } })],
  ['a token of the CDK for the whole URL', having({ url: '${Token[Url.1]}' })],
];
