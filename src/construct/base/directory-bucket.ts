import * as s3 from 'aws-cdk-lib/aws-s3';
import { literalNameOf } from './bucket-access';
import { refusal } from './validation';

/** How names of directory buckets end. https://docs.aws.amazon.com/AmazonS3/latest/userguide/directory-bucket-naming-rules.html */
const DIRECTORY_BUCKET = /--x-s3$/;

/**
 * Refuses a directory bucket, as far as synth can tell. It lists keys in no order, and has permissions of its own (`s3express:`).
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-differences.html
 *
 * @param where the factory that was called
 */
export function refuseDirectoryBucket(where: string, bucket: s3.IBucket): void {
  const name = literalNameOf(bucket);
  if (name !== undefined && DIRECTORY_BUCKET.test(name)) {
    throw refusal(where, 'bucket', `'${name}' is a directory bucket, which lists keys in no order and takes other permissions`, 'a general purpose bucket');
  }
}
