import { HmacAlgorithm, SignatureEncoding, TimeFormat } from '../../../protocol/http-choices';
import { Kinds, memberOf, REQUEST_FIELD, required, SOURCE_SECRET, text } from '../../base/kinds';
import { RequestField } from './fields';
import { SourceSecret } from './secret';

/** Options of OAuth 2.0 client credentials. */
export interface ClientCredentialsOptions {
  /** Address of the token endpoint. */
  readonly tokenUrl: string;

  /** The client's id. */
  readonly clientId: SourceSecret;

  /** The client's secret. */
  readonly clientSecret: SourceSecret;

  /**
   * Scopes, separated by spaces.
   *
   * @default - none
   */
  readonly scope?: string;

  /**
   * Audience, for servers that want one.
   *
   * @default - none
   */
  readonly audience?: string;
}

/** Options of an OAuth 2.0 refresh token. */
export interface RefreshTokenOptions {
  /** Address of the token endpoint. */
  readonly tokenUrl: string;

  /** The client's id. */
  readonly clientId: SourceSecret;

  /**
   * The client's secret.
   *
   * @default - none: a public client, which only has an id
   */
  readonly clientSecret?: SourceSecret;

  /** The refresh token of a login. If the server replaces it, the new one is stored here: the fetch function may write it. */
  readonly refreshToken: SourceSecret;

  /**
   * Scopes, separated by spaces.
   *
   * @default - the scopes of the login
   */
  readonly scope?: string;
}

/** Options of AWS Signature Version 4. */
export interface AwsSignatureOptions {
  /** Name that the service signs with, such as `execute-api` for API Gateway, `lambda` for function URLs, or `es` for OpenSearch. */
  readonly service: string;

  /**
   * Region of the service.
   *
   * @default - the region in the host name, or else the function's own
   */
  readonly region?: string;
}

/** Options of a signature by HMAC. */
export interface HmacOptions {
  /** The key that is signed with. */
  readonly key: SourceSecret;

  /**
   * The text that is signed. `{method}`, `{host}`, `{path}`, `{query}`, `{body}`, `{timestamp}` and `{nonce}` stand for what is sent;
   * `{query}` is without a signature.
   */
  readonly message: string;

  /** Where the signature goes: `RequestField.header(name)` or `RequestField.query(name)`. */
  readonly send: RequestField;

  /**
   * What is sent there, such as `HMAC shop:{signature}`. May also have `{timestamp}` and `{nonce}`.
   *
   * @default "{signature}"
   */
  readonly format?: string;

  /**
   * The hash.
   *
   * @default HmacAlgorithm.SHA256
   */
  readonly algorithm?: HmacAlgorithm;

  /**
   * How the bytes of the signature are written.
   *
   * @default SignatureEncoding.HEX
   */
  readonly encoding?: SignatureEncoding;

  /**
   * Where the time of the request goes: `RequestField.header(name)` or `RequestField.query(name)`.
   *
   * @default - it is not sent, or in `format`
   */
  readonly timestamp?: RequestField;

  /**
   * How the time is written.
   *
   * @default TimeFormat.SECONDS
   */
  readonly timestampFormat?: TimeFormat;

  /**
   * Where a random UUID goes: `RequestField.header(name)` or `RequestField.query(name)`.
   *
   * @default - it is not sent, or in `format`
   */
  readonly nonce?: RequestField;
}

const TOKEN_URL = required(text('an address such as \'https://login.example.com/oauth/token\''));
const SCOPE = text('scopes such as \'orders.read\'');

export const CLIENT_CREDENTIALS_KINDS: Kinds<ClientCredentialsOptions> = {
  tokenUrl: TOKEN_URL, clientId: required(SOURCE_SECRET), clientSecret: required(SOURCE_SECRET), scope: SCOPE, audience: text('an audience'),
};

export const REFRESH_TOKEN_KINDS: Kinds<RefreshTokenOptions> = {
  tokenUrl: TOKEN_URL, clientId: required(SOURCE_SECRET), clientSecret: SOURCE_SECRET, refreshToken: required(SOURCE_SECRET), scope: SCOPE,
};

export const AWS_SIGNATURE_KINDS: Kinds<AwsSignatureOptions> = {
  service: required(text('the name that a service signs with, such as \'execute-api\'')), region: text('a region such as \'eu-central-1\''),
};

export const HMAC_KINDS: Kinds<HmacOptions> = {
  key: required(SOURCE_SECRET),
  message: required(text('a text such as \'{method}{path}{body}\'')),
  send: required(REQUEST_FIELD),
  format: text('a text such as \'HMAC shop:{signature}\''),
  algorithm: memberOf('HmacAlgorithm', HmacAlgorithm),
  encoding: memberOf('SignatureEncoding', SignatureEncoding),
  timestamp: REQUEST_FIELD,
  timestampFormat: memberOf('TimeFormat', TimeFormat),
  nonce: REQUEST_FIELD,
};
