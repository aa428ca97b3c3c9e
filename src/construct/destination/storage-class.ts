import { Token } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { refusal } from '../base/validation';

/**
 * The classes that objects of a general purpose bucket can be written with.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
const WRITABLE = [
  'STANDARD', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE', 'REDUCED_REDUNDANCY',
];

/**
 * The storage class as S3 names it.
 *
 * @param where the factory that received it
 * @throws Error for a class that S3 would refuse when the import is published
 */
export function checkedStorageClass(where: string, { value }: s3.StorageClass): string {
  if (!Token.isUnresolved(value) && !WRITABLE.includes(value)) {
    throw refusal(where, 'storageClass', `is ${value}, which S3 does not accept for new objects`, `one of ${WRITABLE.join(', ')}`);
  }
  return value;
}
