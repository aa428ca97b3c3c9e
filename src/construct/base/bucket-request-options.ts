import { Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { BucketRequests } from '../../protocol/bucket-requests';
import { ServerSideEncryption } from '../../protocol/choices';
import { checkOptions, slipsIn } from './check-options';
import { Kinds, memberOf, SWITCH } from './kinds';
import { refusal } from './validation';

/**
 * Headers that requests to a bucket have, for buckets whose owner demands them: a bucket policy may refuse what is written without a
 * certain encryption header, and a requester-pays bucket refuses requests that do not say who pays.
 */
export interface BucketRequestOptions {
  /**
   * Server-side encryption to ask for. With KMS, the key is the `encryptionKey` beside these options or, without one, AWS's own key for S3.
   *
   * @default - not asked for: the bucket's own encryption applies
   */
  readonly serverSideEncryption?: ServerSideEncryption;

  /**
   * Whether to ask for an S3 bucket key, which saves requests to KMS. Only with `ServerSideEncryption.KMS`.
   *
   * @default - not asked for: the bucket's own setting applies
   */
  readonly bucketKeyEnabled?: boolean;

  /**
   * Whether your account pays for requests to the bucket, as a requester-pays bucket demands.
   *
   * @default false
   */
  readonly requesterPays?: boolean;
}

const KINDS: Kinds<BucketRequestOptions> = {
  serverSideEncryption: memberOf('ServerSideEncryption', ServerSideEncryption), bucketKeyEnabled: SWITCH, requesterPays: SWITCH,
};

/**
 * Refuses options that S3 would refuse.
 *
 * @param where the factory that received them
 * @param encryptionKey the key that was given beside them
 * @returns warnings about names that have no effect
 */
export function checkRequests(where: string, options: BucketRequestOptions | undefined, encryptionKey: kms.IKey | undefined): string[] {
  if (options === undefined) return [];
  checkOptions(where, options, KINDS, 'requests.');
  const { serverSideEncryption, bucketKeyEnabled } = options;
  if (bucketKeyEnabled !== undefined && serverSideEncryption !== ServerSideEncryption.KMS) {
    throw refusal(where, 'requests.bucketKeyEnabled', 'is given without KMS encryption', 'serverSideEncryption: ServerSideEncryption.KMS with it, or leave it out,');
  }
  if (encryptionKey !== undefined && serverSideEncryption === ServerSideEncryption.S3_MANAGED) {
    throw refusal(where, 'requests.serverSideEncryption', 'is S3_MANAGED, which uses no KMS key, but encryptionKey is given', 'ServerSideEncryption.KMS');
  }
  return slipsIn(where, options, KINDS, 'requests.');
}

/** Gives a function what its requests to a bucket need. */
export function equipRequests(
  fn: lambda.Function, variable: string, options: BucketRequestOptions | undefined, encryptionKey: kms.IKey | undefined,
): void {
  if (options === undefined) return;
  const usesKey = options.serverSideEncryption !== undefined && options.serverSideEncryption !== ServerSideEncryption.S3_MANAGED;
  const requests: BucketRequests = { ...options, ...usesKey && encryptionKey && { encryptionKeyArn: encryptionKey.keyArn } };
  fn.addEnvironment(variable, Stack.of(fn).toJsonString(requests));
}
