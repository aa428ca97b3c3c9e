import { SecretReference } from '../../../protocol/http-settings';
import { NonRetryableError } from '../../handler/errors';
import { HttpClient } from '../client/http-client';
import { RawResponse } from '../message/http-response';
import { OutgoingRequest } from '../message/outgoing-request';
import { environmentCredentials, signed, SigningScope } from './signature-v4';

/**
 * Reads secrets from AWS. By signed requests, since the SDK's two clients would be a third of the function's code, for one operation each.
 */

/** An operation of a service, and where its result has the secret. */
interface Operation {
  readonly service: string;
  /** The variable with which SDKs are sent to another endpoint. */
  readonly endpointVariable: string;
  readonly target: string;
  readonly input: object;
  readonly valueIn: (result: Result) => string | undefined;
}

interface Result {
  readonly SecretString?: string;
  readonly SecretBinary?: string;
  readonly Parameter?: { readonly Value?: string };
}

/** A VPC endpoint has a private address, so private ones are allowed here. */
const CLIENT = { privateNetwork: true, connectSeconds: 5, headersSeconds: 20, bodySeconds: 20, maxResponseBytes: 1024 * 1024 };

/** Errors that no retry mends: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
const LASTING = /^(AccessDenied|ResourceNotFound|ParameterNotFound|ParameterVersionNotFound|InvalidParameter|InvalidRequest|InvalidKeyId|Decryption|Unrecognized|InvalidSignature)/;

/**
 * Reads a secret of Secrets Manager or a parameter of SSM.
 *
 * @throws NonRetryableError if it may not be read, or does not exist
 * @throws Error if another attempt may work
 */
export async function readAwsSecret(reference: SecretReference, now: number, signal: AbortSignal): Promise<string> {
  const client = new HttpClient(CLIENT);
  try {
    const operation = operationFor(reference);
    const response = await client.send(await requestFor(operation, regionOf(reference), now), signal);
    if (response.status !== 200) throw refused(reference, response);
    const value = operation.valueIn(JSON.parse(response.bytes.toString('utf8')) as Result);
    if (value === undefined) throw new NonRetryableError(`${nameOf(reference)} has no value`);
    return value;
  } finally {
    client.close();
  }
}

function operationFor({ secretArn, parameterName }: SecretReference): Operation {
  if (secretArn !== undefined) {
    return {
      service: 'secretsmanager',
      endpointVariable: 'AWS_ENDPOINT_URL_SECRETS_MANAGER',
      target: 'secretsmanager.GetSecretValue',
      input: { SecretId: secretArn },
      valueIn: ({ SecretString, SecretBinary }) => SecretString ?? (SecretBinary && Buffer.from(SecretBinary, 'base64').toString('utf8')),
    };
  }
  return {
    service: 'ssm',
    endpointVariable: 'AWS_ENDPOINT_URL_SSM',
    target: 'AmazonSSM.GetParameter',
    input: { Name: parameterName, WithDecryption: true },
    valueIn: ({ Parameter }) => Parameter?.Value,
  };
}

async function requestFor({ service, endpointVariable, target, input }: Operation, region: string, now: number): Promise<OutgoingRequest> {
  const endpoint = process.env[endpointVariable] ?? process.env.AWS_ENDPOINT_URL ?? `https://${service}.${region}.${domainOf(region)}`;
  const scope: SigningScope = { service, region };
  return signed({
    method: 'POST',
    url: new URL('/', endpoint),
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
    body: JSON.stringify(input),
  }, scope, environmentCredentials(), now);
}

function domainOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}

/** A secret may be in another region than the function; its ARN says so. */
function regionOf({ secretArn, parameterName }: SecretReference): string {
  const region = /^arn:[^:]*:[^:]*:([^:]+):/.exec(secretArn ?? parameterName ?? '')?.[1] ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
  if (region === undefined) throw new NonRetryableError('The region of the secret is not known: give its ARN, or set AWS_REGION');
  return region;
}

function refused(reference: SecretReference, { status, headers, bytes }: RawResponse): Error {
  const name = errorName(headers, bytes);
  const message = `${nameOf(reference)} could not be read (${name}, HTTP ${status}, request id ${headers['x-amzn-requestid'] ?? 'unknown'})`;
  return LASTING.test(name) ? new NonRetryableError(message) : new Error(message);
}

/** `com.amazonaws.service#NameException`, in a header or in the body. */
function errorName(headers: Readonly<Record<string, string>>, bytes: Buffer): string {
  const type = headers['x-amzn-errortype'] ?? /"__type"\s*:\s*"([^"]*)"/.exec(bytes.toString('utf8'))?.[1] ?? '';
  return /([\w.]+?)(?:Exception)?(?::.*)?$/.exec(type.slice(type.indexOf('#') + 1))?.[1] ?? 'an unknown error';
}

function nameOf({ secretArn, parameterName }: SecretReference): string {
  return secretArn === undefined ? `The parameter ${parameterName}` : `The secret ${secretArn}`;
}
