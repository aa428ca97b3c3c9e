import * as iam from 'aws-cdk-lib/aws-iam';
import { HttpAuth } from '../../../protocol/http-settings';
import { Brand, mark } from '../../base/brand';
import { checkKind, checkOptions } from '../../base/check-options';
import { Kinds, options as optionsKind, REQUEST_FIELD, required, SOURCE_SECRET } from '../../base/kinds';
import {
  AWS_SIGNATURE_KINDS, AwsSignatureOptions, CLIENT_CREDENTIALS_KINDS, ClientCredentialsOptions, HMAC_KINDS, HmacOptions,
  REFRESH_TOKEN_KINDS, RefreshTokenOptions,
} from './credentials-options';
import { RequestField } from './fields';
import { SourceSecret } from './secret';

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
    check('Credentials.clientCredentials', options, CLIENT_CREDENTIALS_KINDS, '{ tokenUrl, clientId, clientSecret }');
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

  /**
   * An OAuth 2.0 refresh token (RFC 6749, section 6). If the server replaces it, the new one is stored in the secret before it is used. The
   * fetch function may write that secret.
   */
  public static refreshToken(options: RefreshTokenOptions): Credentials {
    check('Credentials.refreshToken', options, REFRESH_TOKEN_KINDS, '{ tokenUrl, clientId, refreshToken }');
    const { tokenUrl, clientId, clientSecret, refreshToken, scope } = options;
    return new Credentials({
      kind: 'refresh-token',
      tokenUrl,
      clientId: clientId._reference,
      ...clientSecret && { clientSecret: clientSecret._reference },
      refreshToken: refreshToken._reference,
      ...scope !== undefined && { scope },
    }, [clientId, ...clientSecret ? [clientSecret] : [], refreshToken], [refreshToken]);
  }

  /**
   * AWS Signature Version 4, for an API in AWS such as API Gateway with IAM authorization. The fetch function signs with the credentials of
   * its role: grant that role, `fetchFunction.grantPrincipal`, what the API asks for.
   */
  public static awsSignature(options: AwsSignatureOptions): Credentials {
    check('Credentials.awsSignature', options, AWS_SIGNATURE_KINDS, '{ service }');
    const { service, region } = options;
    return new Credentials({ kind: 'aws-signature', service, ...region !== undefined && { region } }, []);
  }

  /** A signature by HMAC, made anew for each attempt. */
  public static hmac(options: HmacOptions): Credentials {
    check('Credentials.hmac', options, HMAC_KINDS, '{ key, message, send }');
    const { key, send, timestamp, nonce, ...same } = options;
    return new Credentials({
      kind: 'hmac',
      ...same,
      key: key._reference,
      send: send._place,
      ...timestamp && { timestamp: timestamp._place },
      ...nonce && { nonce: nonce._place },
    }, [key]);
  }

  /** @internal */
  public readonly _settings: HttpAuth;

  /**
   * @param read secrets that the fetch function reads
   * @param written those of them that it may replace
   */
  private constructor(
    settings: HttpAuth, private readonly read: readonly SourceSecret[], private readonly written: readonly SourceSecret[] = [],
  ) {
    this._settings = settings;
  }

  /** @internal */
  public _grant(grantee: iam.IGrantable): void {
    this.read.forEach((secret) => secret._grantRead(grantee));
    this.written.forEach((secret) => secret._grantWrite(grantee));
  }
}

mark(Credentials, Brand.CREDENTIALS);

function check<Options>(where: string, options: Options, kinds: Kinds<Options>, remedy: string): void {
  checkKind(where, 'options', options, required(optionsKind(remedy)));
  checkOptions(where, options, kinds);
}
