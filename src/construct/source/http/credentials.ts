import * as iam from 'aws-cdk-lib/aws-iam';
import { HttpAuth } from '../../../protocol/http-settings';
import { Brand, mark } from '../../base/brand';
import { checkKind, checkOptions } from '../../base/check-options';
import { Kinds, options as optionsKind, REQUEST_FIELD, required, SOURCE_SECRET, text } from '../../base/kinds';
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

/** Credentials for a source without code. Secrets are read at run time; credentials go to the origin of the source only. */
export class Credentials {
  /** `Authorization: Bearer <token>`. */
  public static bearer(token: SourceSecret): Credentials {
    checkKind('Credentials.bearer', 'token', token, required(SOURCE_SECRET));
    return new Credentials({ kind: 'bearer', token: token._reference }, [token]);
  }

  /**
   * A key in a header or in the query.
   *
   * @param key the key
   * @param field `RequestField.header(name)` or `RequestField.query(name)`
   */
  public static apiKey(key: SourceSecret, field: RequestField): Credentials {
    checkKind('Credentials.apiKey', 'key', key, required(SOURCE_SECRET));
    checkKind('Credentials.apiKey', 'field', field, required(REQUEST_FIELD));
    return new Credentials({ kind: 'api-key', key: key._reference, send: field._place }, [key]);
  }

  /** `Authorization: Basic <user:password>`. */
  public static basic(user: SourceSecret, password: SourceSecret): Credentials {
    checkKind('Credentials.basic', 'user', user, required(SOURCE_SECRET));
    checkKind('Credentials.basic', 'password', password, required(SOURCE_SECRET));
    return new Credentials({ kind: 'basic', user: user._reference, password: password._reference }, [user, password]);
  }

  /** OAuth 2.0 client credentials (RFC 6749, section 4.4). */
  public static clientCredentials(options: ClientCredentialsOptions): Credentials {
    checkKind(CLIENT, 'options', options, CLIENT_OPTIONS);
    checkOptions(CLIENT, options, CLIENT_KINDS);
    const { tokenUrl, clientId, clientSecret, scope, audience } = options;
    return new Credentials({
      kind: 'client-credentials',
      tokenUrl,
      clientId: clientId._reference,
      clientSecret: clientSecret._reference,
      ...scope !== undefined && { scope },
      ...audience !== undefined && { audience },
    }, [clientId, clientSecret]);
  }

  /** @internal */
  public readonly _settings: HttpAuth;

  private constructor(settings: HttpAuth, private readonly secrets: readonly SourceSecret[]) {
    this._settings = settings;
  }

  /** @internal */
  public _grantRead(grantee: iam.IGrantable): void {
    this.secrets.forEach((secret) => secret._grantRead(grantee));
  }
}

mark(Credentials, Brand.CREDENTIALS);

const CLIENT = 'Credentials.clientCredentials';
const CLIENT_OPTIONS = required(optionsKind('{ tokenUrl, clientId, clientSecret }'));
const CLIENT_KINDS: Kinds<ClientCredentialsOptions> = {
  tokenUrl: required(text('an address such as \'https://login.example.com/oauth/token\'')),
  clientId: required(SOURCE_SECRET),
  clientSecret: required(SOURCE_SECRET),
  scope: text('scopes such as \'orders.read\''),
  audience: text('an audience'),
};
