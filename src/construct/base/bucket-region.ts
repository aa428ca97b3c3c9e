import { Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { knownToDiffer } from './known-to-differ';
import { refusal } from './validation';

/**
 * Refuses a bucket that is known to be in another region: the functions call S3 in their own. For a bucket whose region synth does not
 * know, Initialize finds out.
 *
 * @param where the factory that received it
 */
export function refuseOtherRegion(scope: Construct, where: string, bucket: s3.IBucket): void {
  const [here, there] = [Stack.of(scope).region, bucket.env.region];
  if (knownToDiffer(here, there)) {
    throw refusal(where, 'bucket', `is in ${there}, and the import in ${here}`, 'a bucket in the region of the import');
  }
}
