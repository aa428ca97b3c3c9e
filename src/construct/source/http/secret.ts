import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { SecretReference } from '../../../protocol/http-settings';
import { Brand, mark } from '../../base/brand';
import { checkKind } from '../../base/check-options';
import { has } from '../../base/given-kind';
import { Kind, required, text } from '../../base/kinds';

const SECRET: Kind = { accepts: (value) => has(value, 'secretArn', 'string'), remedy: 'a secretsmanager.ISecret' };
const PARAMETER: Kind = { accepts: (value) => has(value, 'parameterArn', 'string'), remedy: 'an ssm.IParameter' };
const FIELD = text('the name of a field, such as \'token\'');

/** A secret that a source without code needs. The fetch function reads it at run time: it is neither in the template nor in the log. */
export class SourceSecret {
  /**
   * A secret of Secrets Manager. The fetch function may read it.
   *
   * @param secret the secret
   * @param field field of a secret that is a JSON object. By default, the whole secret is meant
   */
  public static fromSecretsManager(secret: secretsmanager.ISecret, field?: string): SourceSecret {
    checkKind('SourceSecret.fromSecretsManager', 'secret', secret, required(SECRET));
    if (field !== undefined) checkKind('SourceSecret.fromSecretsManager', 'field', field, FIELD);
    const reference = { secretArn: secret.secretArn, ...field !== undefined && { field } };
    return new SourceSecret(reference, (grantee) => secret.grantRead(grantee), (grantee) => grantPutValue(secret, grantee));
  }

  /**
   * A parameter of SSM Parameter Store, best a secure string. The fetch function may read it. If it is encrypted with a key of your own,
   * grant the function to decrypt with it.
   *
   * @param parameter the parameter
   * @param field field of a parameter that is a JSON object. By default, the whole parameter is meant
   */
  public static fromParameter(parameter: ssm.IParameter, field?: string): SourceSecret {
    checkKind('SourceSecret.fromParameter', 'parameter', parameter, required(PARAMETER));
    if (field !== undefined) checkKind('SourceSecret.fromParameter', 'field', field, FIELD);
    const reference = { parameterName: parameter.parameterName, ...field !== undefined && { field } };
    return new SourceSecret(reference, (grantee) => parameter.grantRead(grantee), (grantee) => parameter.grantWrite(grantee));
  }

  /** @internal */
  public readonly _reference: SecretReference;

  private constructor(
    reference: SecretReference,
    private readonly grantRead: (grantee: iam.IGrantable) => void,
    private readonly grantWrite: (grantee: iam.IGrantable) => void,
  ) {
    this._reference = reference;
  }

  /** @internal */
  public _grantRead(grantee: iam.IGrantable): void {
    this.grantRead(grantee);
  }

  /** @internal */
  public _grantWrite(grantee: iam.IGrantable): void {
    this.grantWrite(grantee);
  }
}

mark(SourceSecret, Brand.SOURCE_SECRET);

/** Not grantWrite of the secret, which also allows to change its description and its key. */
function grantPutValue(secret: secretsmanager.ISecret, grantee: iam.IGrantable): void {
  // Secrets Manager adds a hyphen and six characters to the name of a secret.
  const arn = secret.secretFullArn ?? `${secret.secretArn}-??????`;
  iam.Grant.addToPrincipal({ grantee, actions: ['secretsmanager:PutSecretValue'], resourceArns: [arn] });
  const through = new kms.ViaServicePrincipal(`secretsmanager.${Stack.of(secret).region}.amazonaws.com`, grantee.grantPrincipal);
  secret.encryptionKey?.grantEncrypt(through);
}
