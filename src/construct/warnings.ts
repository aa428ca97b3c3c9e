import { Annotations } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { resourceOf } from './bucket-access';

/** Prefix of the ids by which the package's warnings are acknowledged: `Annotations.of(scope).acknowledgeWarning(id)`. */
const WARNING_PREFIX = 'cdk-paginated-import:';

/**
 * Warns of something that may be right, and that only a person can know.
 *
 * @param id what the warning is acknowledged by, after the package's name and a colon
 */
export function warn(scope: Construct, id: string, message: string): void {
  Annotations.of(scope).addWarningV2(`${WARNING_PREFIX}${id}`, message);
}

/** Warns of names of properties that do nothing, each in a sentence. */
export function warnOfSlips(scope: Construct, slips: readonly string[]): void {
  slips.forEach((slip) => warn(scope, 'unknownProperty', slip));
}

/**
 * The key that a bucket is encrypted with: the one that was given, or the bucket's own. Warns where neither is known of an
 * imported bucket.
 *
 * @param what the bucket as the message names it
 * @param remedy where the key can be given
 */
export function encryptionKeyOf(
  scope: Construct, bucket: s3.IBucket, given: kms.IKey | undefined, { id, what, remedy }: { id: string; what: string; remedy: string },
): kms.IKey | undefined {
  const key = given ?? bucket.encryptionKey;
  if (key === undefined && resourceOf(bucket) === undefined) {
    warn(scope, id, `${what} is imported, and CDK cannot know whether it is encrypted with a KMS key of yours. If it is, pass the key: ${remedy}. `
      + 'Without it every access to the bucket will be denied.');
  }
  return key;
}
