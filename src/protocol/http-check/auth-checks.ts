import { FORMAT_PLACEHOLDERS, hmacPlaceholdersIn, MESSAGE_PLACEHOLDERS } from '../hmac-placeholders';
import { HmacAlgorithm, SignatureEncoding, TimeFormat } from '../http-choices';
import {
  ApiKeyAuth, AwsSignatureAuth, BasicAuth, BearerAuth, ClientCredentialsAuth, HmacAuth, HttpClientCertificate, RefreshTokenAuth,
  RequestPlace, SecretReference,
} from '../http-settings';
import { ANYTHING, Check, exactlyOne, kindOf, object, oneOf, required, text, textLike } from './checks';
import { NAME, REQUEST_PLACE } from './place-checks';

/** Checks of credentials. */

const SECRET = exactlyOne<SecretReference>({
  secretArn: textLike(/^arn:/, 'the ARN of a secret'),
  parameterName: textLike(/./, 'the name of a parameter'),
  environment: textLike(/^\w+$/, 'the name of a variable'),
  field: textLike(/./, 'the name of a field'),
}, '{ "secretArn": "arn:aws:secretsmanager:..." }, or one with parameterName or environment', ['field']);

const SECRET_OR_TEXT: Check = { problem: (value, path) => (typeof value === 'string' ? undefined : SECRET.problem(value, path)) };

const TOKEN_URL = textLike(/^https?:\/\/[^/?#\s]/i, 'an address such as "https://login.example.com/token"');

/** A place that is not part of what is signed. */
const SENT_ASIDE = exactlyOne<Pick<RequestPlace, 'header' | 'query'>>({ header: NAME, query: textLike(/./, 'the name of a parameter') },
  '{ "header": "X-Signature" } or { "query": "signature" }');

/** A text with placeholders. */
function template(names: readonly string[], needed = ''): Check {
  const all = names.map((name) => `{${name}}`).join(', ');
  return {
    problem: (value, path) => {
      const wrong = text('a text with placeholders such as "{method}{path}{body}"').problem(value, path);
      if (wrong !== undefined) return wrong;
      const unknown = hmacPlaceholdersIn(value as string).find((name) => !names.includes(name));
      if (unknown !== undefined) return `${path} has the placeholder {${unknown}}; there are ${all}`;
      return (value as string).includes(needed) ? undefined : `${path} lacks ${needed}; write it where the signature goes`;
    },
  };
}

export const AUTH = kindOf('kind', {
  'bearer': object<BearerAuth>({ kind: ANYTHING, token: required(SECRET) }, '{ "kind": "bearer", "token": { "secretArn": "arn:..." } }'),
  'api-key': object<ApiKeyAuth>({ kind: ANYTHING, key: required(SECRET), send: required(REQUEST_PLACE) },
    '{ "kind": "api-key", "key": { "secretArn": "arn:..." }, "send": { "header": "X-Api-Key" } }'),
  'basic': object<BasicAuth>({ kind: ANYTHING, user: required(SECRET_OR_TEXT), password: SECRET },
    '{ "kind": "basic", "user": "...", "password": { "secretArn": "arn:..." } }'),
  'client-credentials': object<ClientCredentialsAuth>({
    kind: ANYTHING,
    tokenUrl: required(TOKEN_URL),
    clientId: required(SECRET_OR_TEXT),
    clientSecret: required(SECRET),
    scope: text('a text'),
    audience: text('a text'),
  }, '{ "kind": "client-credentials", "tokenUrl": "https://...", "clientId": ..., "clientSecret": { "secretArn": "arn:..." } }'),
  'refresh-token': object<RefreshTokenAuth>({
    kind: ANYTHING,
    tokenUrl: required(TOKEN_URL),
    clientId: required(SECRET_OR_TEXT),
    clientSecret: SECRET,
    refreshToken: required(SECRET),
    scope: text('a text'),
  }, '{ "kind": "refresh-token", "tokenUrl": "https://...", "clientId": ..., "refreshToken": { "secretArn": "arn:..." } }'),
  'aws-signature': object<AwsSignatureAuth>({
    kind: ANYTHING,
    service: required(textLike(/^[\w-]+$/, 'the name that a service signs with, such as "execute-api"')),
    region: textLike(/^[a-z]+(-[a-z]+)+-\d+$/, 'a region such as "eu-central-1"'),
  }, '{ "kind": "aws-signature", "service": "execute-api" }'),
  'hmac': object<HmacAuth>({
    kind: ANYTHING,
    key: required(SECRET),
    message: required(template(MESSAGE_PLACEHOLDERS)),
    send: required(SENT_ASIDE),
    format: template(FORMAT_PLACEHOLDERS, '{signature}'),
    algorithm: oneOf(HmacAlgorithm),
    encoding: oneOf(SignatureEncoding),
    timestamp: SENT_ASIDE,
    timestampFormat: oneOf(TimeFormat),
    nonce: SENT_ASIDE,
  }, '{ "kind": "hmac", "key": { "secretArn": "arn:..." }, "message": "{method}{path}{body}", "send": { "header": "X-Signature" } }'),
});

export const CLIENT_CERTIFICATE = object<HttpClientCertificate>({
  certificate: required(SECRET),
  key: required(SECRET),
  passphrase: SECRET,
  ca: textLike(/-----BEGIN CERTIFICATE-----/, 'a certificate as PEM, "-----BEGIN CERTIFICATE-----..."'),
}, '{ "certificate": { "secretArn": "arn:..." }, "key": { "secretArn": "arn:..." } }');
