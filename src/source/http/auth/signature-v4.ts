import { createHash, createHmac, Hash, Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { NonRetryableError } from '../../handler/errors';
import { OutgoingRequest } from '../message/outgoing-request';

/** The signature that AWS services ask for: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html */

/** What is signed with. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** For whom it is signed. */
export interface SigningScope {
  readonly service: string;
  readonly region: string;
}

/** The hash of the signer's interface, by Node.js. */
class Sha256 {
  private readonly hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string | NodeJS.ArrayBufferView);
  }

  public update(data: Uint8Array | string): void {
    this.hash.update(data);
  }

  public async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }

  public reset(): void {
    throw new Error('A hash is used once');
  }
}

/** Others, such as `accept-encoding`, may be changed by a proxy on the way, and the signature would be wrong. */
const SIGNED_HEADER = /^(?:content-type|x-amz-.*)$/;

/** A request with a signature. */
export async function signed(
  { method, url, headers, body }: OutgoingRequest, scope: SigningScope, credentials: AwsCredentials, now: number,
): Promise<OutgoingRequest> {
  // All services but S3 sign the path with its escapes escaped once more.
  const signer = new SignatureV4({ ...scope, credentials, sha256: Sha256, applyChecksum: true, uriEscapePath: scope.service !== 's3' });
  const query: Record<string, string | string[]> = {};
  for (const name of new Set(url.searchParams.keys())) query[name] = url.searchParams.getAll(name);
  const request = {
    method, protocol: url.protocol, hostname: url.hostname, path: url.pathname, query, headers: { ...headers, host: url.host }, body,
  };
  const unsignableHeaders = new Set(Object.keys(headers).filter((name) => !SIGNED_HEADER.test(name)));
  const { headers: signedHeaders } = await signer.sign(request, { signingDate: new Date(now), unsignableHeaders });
  return { method, url, headers: signedHeaders, body };
}

/**
 * The credentials of the function's role, which Lambda has in the environment. Read for each signature, since they change.
 *
 * @throws NonRetryableError if there are none; the message names the variables and never their values
 */
export function environmentCredentials(): AwsCredentials {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = process.env;
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey, ...sessionToken && { sessionToken } };
  throw new NonRetryableError('No AWS credentials in the environment: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. '
    + 'AWS Lambda sets both for a function that has an execution role.');
}
