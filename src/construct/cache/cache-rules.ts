import * as s3 from 'aws-cdk-lib/aws-s3';
import { acknowledge } from '../base/acknowledgements';
import { acknowledgeRule, COMPLIANCE_PACKS } from '../base/rule-packs';

const NO_ACCESS_LOG = 'Only the import\'s own functions use this bucket. To log access, give a bucket of your own.';

/** Acknowledges cdk-nag's rules for buckets that store data for good. A cache holds chunks until they are published. */
export function acknowledgeCacheRules(bucket: s3.IBucket): void {
  acknowledge(bucket, 'AwsSolutions-S1', NO_ACCESS_LOG);
  acknowledgeRule(bucket, COMPLIANCE_PACKS, 'S3BucketLoggingEnabled', NO_ACCESS_LOG);
  acknowledgeRule(bucket, COMPLIANCE_PACKS, 'S3BucketVersioningEnabled', 'Versions would keep the records of deleted chunks.');
  acknowledgeRule(bucket, COMPLIANCE_PACKS, 'S3BucketReplicationEnabled', 'Chunks are deleted when they are published, and can be fetched again. Replicate the destination.');
}
