import { Kinds, required, SOURCE_SECRET, text } from '../../base/kinds';
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
