import { Annotations } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { resourceOf } from './bucket-access';

/** Ids for acknowledging the package's warnings. docs/warnings.md explains them. */
export enum WarningId {
  CACHE_ENCRYPTION_KEY = 'cdk-paginated-import:cacheEncryptionKey',
  CACHE_LIFECYCLE = 'cdk-paginated-import:cacheLifecycle',
  CACHE_VERSIONS = 'cdk-paginated-import:cacheVersions',
  DESTINATION_ENCRYPTION_KEY = 'cdk-paginated-import:destinationEncryptionKey',
  DESTINATION_KEY_COMPRESSION = 'cdk-paginated-import:destinationKeyCompression',
  DESTINATION_KEY_FORMAT = 'cdk-paginated-import:destinationKeyFormat',
  DESTINATION_KEY_WITHOUT_PREFIX = 'cdk-paginated-import:destinationKeyWithoutPrefix',
  ENCRYPTION_KEY_POLICY = 'cdk-paginated-import:encryptionKeyPolicy',
  SHARED_DESTINATION = 'cdk-paginated-import:sharedDestination',
  SMALL_CHUNKS = 'cdk-paginated-import:smallChunks',
  UNKNOWN_PROPERTY = 'cdk-paginated-import:unknownProperty',
}

/** Warns about something that may be right, which only a person can judge. */
export function warn(scope: Construct, id: WarningId, message: string): void {
  Annotations.of(scope).addWarningV2(id, `${message} If this is right, acknowledge it: Annotations.of(construct).acknowledgeWarning('${id}').`);
}

/** Warns about property names that have no effect. */
export function warnOfSlips(scope: Construct, slips: readonly string[]): void {
  slips.forEach((slip) => warn(scope, WarningId.UNKNOWN_PROPERTY, slip));
}

/**
 * The key that encrypts a bucket: the given one, or the bucket's own. Warns if neither is known for an imported bucket.
 *
 * @param what how the message names the bucket
 * @param remedy how to pass the key
 */
export function encryptionKeyOf(
  scope: Construct, bucket: s3.IBucket, given: kms.IKey | undefined, { id, what, remedy }: { id: WarningId; what: string; remedy: string },
): kms.IKey | undefined {
  const key = given ?? bucket.encryptionKey;
  if (key === undefined && resourceOf(bucket) === undefined) {
    warn(scope, id, `${what} is imported, and CDK cannot know whether it is encrypted with a KMS key of yours. If it is, pass the key: ${remedy}. `
      + 'Without it every access to the bucket will be denied.');
  }
  return key;
}
