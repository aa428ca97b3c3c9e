import {
  ApiKeyAuth, AwsSignatureAuth, BasicAuth, BearerAuth, ClientCredentialsAuth, RefreshTokenAuth, SecretReference,
} from '../http-settings';
import { ANYTHING, Check, exactlyOne, kindOf, object, required, text, textLike } from './checks';
import { REQUEST_PLACE } from './place-checks';

/** Checks of credentials. */

const SECRET = exactlyOne<SecretReference>({
  secretArn: textLike(/^arn:/, 'the ARN of a secret'),
  parameterName: textLike(/./, 'the name of a parameter'),
  environment: textLike(/^\w+$/, 'the name of a variable'),
  field: textLike(/./, 'the name of a field'),
}, '{ "secretArn": "arn:aws:secretsmanager:..." }, or one with parameterName or environment', ['field']);

const SECRET_OR_TEXT: Check = { problem: (value, path) => (typeof value === 'string' ? undefined : SECRET.problem(value, path)) };

const TOKEN_URL = textLike(/^https?:\/\/[^/?#\s]/i, 'an address such as "https://login.example.com/token"');

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
});
