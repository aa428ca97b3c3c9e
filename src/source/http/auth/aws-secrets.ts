import { randomUUID } from 'node:crypto';
import { SecretReference } from '../../../protocol/http-settings';
import { NonRetryableError } from '../../handler/errors';
import { AwsCall, callAws } from './aws-call';
import { nameOfSecret } from './secrets';

/** Reads and writes secrets of Secrets Manager and parameters of SSM. */

const SECRETS_MANAGER = { service: 'secretsmanager', endpointVariable: 'AWS_ENDPOINT_URL_SECRETS_MANAGER' };
const SSM = { service: 'ssm', endpointVariable: 'AWS_ENDPOINT_URL_SSM' };

interface SecretValue {
  readonly SecretString?: string;
  readonly SecretBinary?: string;
}

interface ParameterValue {
  readonly Parameter?: { readonly Value?: string };
}

/** How one version of a parameter is kept. */
interface ParameterVersion {
  readonly Name: string;
  readonly Version: number;
  readonly Type: string;
  readonly KeyId?: string;
  readonly Tier?: string;
}

interface ParameterHistory {
  readonly Parameters?: readonly ParameterVersion[];
  readonly NextToken?: string;
}

/**
 * @throws NonRetryableError if it may not be read, or does not exist
 * @throws Error if another attempt may work
 */
export async function readAwsSecret(reference: SecretReference, now: number, signal: AbortSignal): Promise<string> {
  const value = reference.secretArn === undefined ? await readParameter(reference, now, signal) : await readSecret(reference, now, signal);
  if (value === undefined) throw new NonRetryableError(`${nameOfSecret(reference)} has no value`);
  return value;
}

/**
 * Replaces the value. A secret gets a new current version; a parameter keeps its type, key and tier.
 *
 * @throws NonRetryableError if it may not be written
 * @throws Error if another attempt may work
 */
export async function writeAwsSecret(reference: SecretReference, text: string, now: number, signal: AbortSignal): Promise<void> {
  await (reference.secretArn === undefined ? writeParameter(reference, text, now, signal) : writeSecret(reference, text, now, signal));
}

async function readSecret(reference: SecretReference, now: number, signal: AbortSignal): Promise<string | undefined> {
  const call = { ...SECRETS_MANAGER, ...reading(reference), target: 'secretsmanager.GetSecretValue', input: { SecretId: reference.secretArn } };
  const { SecretString, SecretBinary } = await callAws<SecretValue>(call, now, signal);
  return SecretString ?? (SecretBinary && Buffer.from(SecretBinary, 'base64').toString('utf8'));
}

async function readParameter(reference: SecretReference, now: number, signal: AbortSignal): Promise<string | undefined> {
  const input = { Name: reference.parameterName, WithDecryption: true };
  const { Parameter } = await callAws<ParameterValue>({ ...SSM, ...reading(reference), target: 'AmazonSSM.GetParameter', input }, now, signal);
  return Parameter?.Value;
}

async function writeSecret(reference: SecretReference, text: string, now: number, signal: AbortSignal): Promise<void> {
  // Without an SDK, the token must be given: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
  const input = { SecretId: reference.secretArn, SecretString: text, ClientRequestToken: randomUUID() };
  await callAws({ ...SECRETS_MANAGER, ...writing(reference), target: 'secretsmanager.PutSecretValue', input }, now, signal);
}

/** Without a key, PutParameter encrypts with the account's default key, so the one that the parameter has is looked up first. */
async function writeParameter(reference: SecretReference, text: string, now: number, signal: AbortSignal): Promise<void> {
  const { Name, Type, KeyId, Tier } = await newestVersion(reference, now, signal);
  const input = { Name, Type, KeyId, Tier, Value: text, Overwrite: true };
  await callAws({ ...SSM, ...writing(reference), target: 'AmazonSSM.PutParameter', input }, now, signal);
}

/** From the history, which may be read for one parameter alone. DescribeParameters would need a permission for all of them. */
async function newestVersion(reference: SecretReference, now: number, signal: AbortSignal): Promise<ParameterVersion> {
  let newest: ParameterVersion | undefined;
  let NextToken: string | undefined;
  do {
    const input: object = { Name: reference.parameterName, WithDecryption: false, NextToken };
    const call = { ...SSM, ...writing(reference), target: 'AmazonSSM.GetParameterHistory', input };
    const page: ParameterHistory = await callAws<ParameterHistory>(call, now, signal);
    for (const version of page.Parameters ?? []) {
      if (newest === undefined || version.Version > newest.Version) newest = version;
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  if (newest === undefined) throw new NonRetryableError(`${nameOfSecret(reference)} has no versions`);
  return newest;
}

function reading(reference: SecretReference): Pick<AwsCall, 'region' | 'failed'> {
  return { region: regionOf(reference), failed: `${nameOfSecret(reference)} could not be read` };
}

function writing(reference: SecretReference): Pick<AwsCall, 'region' | 'failed'> {
  return { region: regionOf(reference), failed: `${nameOfSecret(reference)} could not be written` };
}

/** A secret may be in another region than the function; its ARN says so. */
function regionOf({ secretArn, parameterName }: SecretReference): string {
  const region = /^arn:[^:]*:[^:]*:([^:]+):/.exec(secretArn ?? parameterName ?? '')?.[1] ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
  if (region === undefined) throw new NonRetryableError('The region of the secret is not known: give its ARN, or set AWS_REGION');
  return region;
}
