import { NonRetryableError } from '../../handler/errors';
import { HttpClient } from '../client/http-client';
import { RawResponse } from '../message/http-response';
import { OutgoingRequest } from '../message/outgoing-request';
import { environmentCredentials, signed } from './signature-v4';

/** Operations of AWS services. By signed requests, since the SDK's two clients would be a third of the function's code. */

/** An operation of a service. */
export interface AwsCall {
  readonly service: string;
  /** The variable with which SDKs are sent to another endpoint. */
  readonly endpointVariable: string;
  readonly target: string;
  readonly region: string;
  readonly input: object;
  /** What failed, for messages, such as "The secret arn:... could not be read". */
  readonly failed: string;
}

/** A VPC endpoint has a private address, so private ones are allowed here. */
const CLIENT = { privateNetwork: true, connectSeconds: 5, headersSeconds: 20, bodySeconds: 20, maxResponseBytes: 1024 * 1024 };

/** Errors that no retry mends: https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html */
const LASTING = new RegExp(`^(${[
  'AccessDenied', 'ResourceNotFound', 'ParameterNotFound', 'ParameterVersionNotFound', 'InvalidParameter', 'InvalidRequest', 'InvalidKeyId',
  'Decryption', 'Encryption', 'LimitExceeded', 'ParameterMaxVersionLimitExceeded', 'Unrecognized', 'InvalidSignature', 'Validation',
].join('|')})`);

/**
 * Sends a request and reads the JSON of its result.
 *
 * @throws NonRetryableError if it is refused for good
 * @throws Error if another attempt may work
 */
export async function callAws<Result>(call: AwsCall, now: number, signal: AbortSignal): Promise<Result> {
  const client = new HttpClient(CLIENT);
  try {
    const response = await client.send(await requestFor(call, now), signal);
    if (response.status !== 200) throw refused(call, response);
    return JSON.parse(response.bytes.toString('utf8')) as Result;
  } finally {
    client.close();
  }
}

async function requestFor({ service, endpointVariable, target, region, input }: AwsCall, now: number): Promise<OutgoingRequest> {
  const endpoint = process.env[endpointVariable] ?? process.env.AWS_ENDPOINT_URL ?? `https://${service}.${region}.${domainOf(region)}`;
  return signed({
    method: 'POST',
    url: new URL('/', endpoint),
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
    body: JSON.stringify(input),
  }, { service, region }, environmentCredentials(), now);
}

function domainOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}

function refused({ failed }: AwsCall, { status, headers, bytes }: RawResponse): Error {
  const name = errorName(headers, bytes);
  const message = `${failed} (${name}, HTTP ${status}, request id ${headers['x-amzn-requestid'] ?? 'unknown'})`;
  return LASTING.test(name) ? new NonRetryableError(message) : new Error(message);
}

/** `com.amazonaws.service#NameException`, in a header or in the body. */
function errorName(headers: Readonly<Record<string, string>>, bytes: Buffer): string {
  const type = headers['x-amzn-errortype'] ?? /"__type"\s*:\s*"([^"]*)"/.exec(bytes.toString('utf8'))?.[1] ?? '';
  return /([\w.]+?)(?:Exception)?(?::.*)?$/.exec(type.slice(type.indexOf('#') + 1))?.[1] ?? 'an unknown error';
}
