import { checkHttpSettings } from '../../src/protocol/http-check/check-http-settings';

/** The checks of credentials. Those of other settings are in check-http-settings.test.ts. */

const SECRET = { secretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop', field: 'token' };
const TOKEN_URL = 'https://login.example.com/token';
const REFRESH = { kind: 'refresh-token', tokenUrl: TOKEN_URL, clientId: 'shop', refreshToken: SECRET };
const HMAC = { kind: 'hmac', key: SECRET, message: '{method}{path}{body}', send: { header: 'X-Signature' } };
const CERTIFICATE = { certificate: { ...SECRET, field: 'certificate' }, key: { ...SECRET, field: 'key' } };

function having(auth: unknown, settings: object = {}): unknown {
  return { url: 'https://api.example.com/orders', pagination: { style: 'single' }, auth, ...settings };
}

test.each<[string, unknown]>([
  ['a refresh token', having(REFRESH)],
  ['a refresh token with everything', having({ ...REFRESH, clientId: SECRET, clientSecret: SECRET, refreshToken: { environment: 'TOKEN' }, scope: 'a' })],
  ['a refresh token in a private network', having({ ...REFRESH, tokenUrl: 'http://login/' }, { privateNetwork: true })],
  ['a signature of AWS', having({ kind: 'aws-signature', service: 'execute-api' })],
  ['a signature of AWS for a region', having({ kind: 'aws-signature', service: 'es', region: 'us-gov-west-1' })],
  ['a signature by HMAC', having(HMAC)],
  ['a signature by HMAC with everything', having({
    ...HMAC, message: '{method}{host}{path}{query}{body}{timestamp}{nonce} {"json": 1}', format: 't={timestamp},n={nonce},v1={signature}',
    algorithm: 'sha512', encoding: 'base64', timestamp: { query: 't' }, timestampFormat: 'iso', nonce: { header: 'N' },
  })],
  ['a signature by HMAC whose format has the time', having({ ...HMAC, message: '{timestamp}', format: '{timestamp}:{signature}' })],
  ['a signature by HMAC with a token of the CDK', having({ ...HMAC, message: '${Token[Name.1]}{path}' })],
  ['a client certificate', having(undefined, { clientCertificate: CERTIFICATE })],
  ['a client certificate with everything, beside other credentials', having(HMAC, {
    clientCertificate: { ...CERTIFICATE, passphrase: SECRET, ca: '-----BEGIN CERTIFICATE-----\n...' },
  })],
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
  ['an unknown placeholder', having({ ...HMAC, message: '{method}{url}' }),
    'auth.message has the placeholder {url}; there are {method}, {host}, {path}, {query}, {body}, {timestamp}, {nonce}'],
  ['a placeholder of the input', having({ ...HMAC, message: '{input.tenant}' }),
    'auth.message has the placeholder {input.tenant}; there are {method}, {host}, {path}, {query}, {body}, {timestamp}, {nonce}'],
  ['an unknown placeholder of the format', having({ ...HMAC, format: '{signature}{path}' }),
    'auth.format has the placeholder {path}; there are {signature}, {timestamp}, {nonce}'],
  ['a format without the signature', having({ ...HMAC, format: 'HMAC' }), 'auth.format lacks {signature}; write it where the signature goes'],
  ['a message that is no text', having({ ...HMAC, message: 1 }), 'auth.message is 1; write a text with placeholders such as "{method}{path}{body}" instead'],
  ['a time that is signed but not sent', having({ ...HMAC, message: '{timestamp}' }),
    'auth.message has {timestamp}, which the source is not sent; write where it goes, as auth.timestamp'],
  ['a nonce that is signed but not sent', having({ ...HMAC, message: '{nonce}', timestamp: { header: 'T' } }),
    'auth.message has {nonce}, which the source is not sent; write where it goes, as auth.nonce'],
  ['a signature in the body', having({ ...HMAC, send: { body: '/signature' } }), 'auth.send.body is not a setting; there are header, query'],
  ['a hash that is none', having({ ...HMAC, algorithm: 'md5' }), 'auth.algorithm is another text; write "sha1" or "sha256" or "sha512" instead'],
  ['a key in plain text', having({ ...HMAC, key: 'hunter2' }),
    'auth.key is another text; write { "secretArn": "arn:aws:secretsmanager:..." }, or one with parameterName or environment instead'],
  ['a signature by HMAC without encryption', having(HMAC, { url: 'http://api.example.com' }),
    'credentials would be sent without encryption; write https:// instead of http://'],
  ['a client certificate without its key', having(undefined, { clientCertificate: { certificate: SECRET } }),
    'clientCertificate.key is missing; clientCertificate is { "certificate": { "secretArn": "arn:..." }, "key": { "secretArn": "arn:..." } }'],
  ['a certificate in place of where it is', having(undefined, { clientCertificate: { ...CERTIFICATE, key: '-----BEGIN PRIVATE KEY-----' } }),
    'clientCertificate.key is another text; write { "secretArn": "arn:aws:secretsmanager:..." }, or one with parameterName or environment instead'],
  ['an authority that is a file', having(undefined, { clientCertificate: { ...CERTIFICATE, ca: 'ca.pem' } }),
    'clientCertificate.ca is another text; write a certificate as PEM, "-----BEGIN CERTIFICATE-----..." instead'],
  ['a client certificate without TLS', having(undefined, { url: 'http://api', clientCertificate: CERTIFICATE, privateNetwork: true }),
    'clientCertificate needs an encrypted connection; write https:// instead of http:// in url'],
  ['a client certificate for a host that the input decides', having(undefined, { url: 'https://{input.host}/', clientCertificate: CERTIFICATE }),
    'the input of an execution would decide to which host the credentials are sent; write the end of the host in url, such as https://{input.shop}.example.com'],
])('%s is refused', (_, settings, message) => {
  expect(() => checkHttpSettings('here', settings)).toThrow(new Error(`here: ${message}`));
});
