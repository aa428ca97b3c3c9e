import { checkHttpSettings } from '../../src/protocol/http-check/check-http-settings';

/** The checks of credentials. Those of other settings are in check-http-settings.test.ts. */

const SECRET = { secretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop', field: 'token' };
const TOKEN_URL = 'https://login.example.com/token';
const REFRESH = { kind: 'refresh-token', tokenUrl: TOKEN_URL, clientId: 'shop', refreshToken: SECRET };

function having(auth: unknown, settings: object = {}): unknown {
  return { url: 'https://api.example.com/orders', pagination: { style: 'single' }, auth, ...settings };
}

test.each<[string, unknown]>([
  ['a refresh token', having(REFRESH)],
  ['a refresh token with everything', having({ ...REFRESH, clientId: SECRET, clientSecret: SECRET, refreshToken: { environment: 'TOKEN' }, scope: 'a' })],
  ['a refresh token in a private network', having({ ...REFRESH, tokenUrl: 'http://login/' }, { privateNetwork: true })],
  ['a signature of AWS', having({ kind: 'aws-signature', service: 'execute-api' })],
  ['a signature of AWS for a region', having({ kind: 'aws-signature', service: 'es', region: 'us-gov-west-1' })],
])('%s is accepted', (_, settings) => {
  expect(() => checkHttpSettings('here', settings)).not.toThrow();
});

test.each<[string, unknown, string]>([
  ['no refresh token', having({ ...REFRESH, refreshToken: undefined }),
    'auth.refreshToken is missing; auth is { "kind": "refresh-token", "tokenUrl": "https://...", "clientId": ..., "refreshToken": { "secretArn": "arn:..." } }'],
  ['a refresh token in plain text', having({ ...REFRESH, refreshToken: 'hunter2' }),
    'auth.refreshToken is another text; write { "secretArn": "arn:aws:secretsmanager:..." }, or one with parameterName or environment instead'],
  ['a client\'s secret in plain text', having({ ...REFRESH, clientSecret: 'hunter2' }),
    'auth.clientSecret is another text; write { "secretArn": "arn:aws:secretsmanager:..." }, or one with parameterName or environment instead'],
  ['a token URL that is none', having({ ...REFRESH, tokenUrl: 'login.example.com' }),
    'auth.tokenUrl is another text; write an address such as "https://login.example.com/token" instead'],
  ['a refresh token without encryption', having({ ...REFRESH, tokenUrl: 'http://login.example.com' }),
    'credentials would be sent without encryption; write https:// instead of http://'],
  ['a signature of AWS for no service', having({ kind: 'aws-signature' }), 'auth.service is missing; auth is { "kind": "aws-signature", "service": "execute-api" }'],
  ['a signature of AWS for a region that is none', having({ kind: 'aws-signature', service: 'es', region: 'Frankfurt' }),
    'auth.region is another text; write a region such as "eu-central-1" instead'],
])('%s is refused', (_, settings, message) => {
  expect(() => checkHttpSettings('here', settings)).toThrow(new Error(`here: ${message}`));
});
