import { ServerSideEncryption } from './choices';

/** Headers that requests to a bucket have because its owner demands them. */
export interface BucketRequests {
  /** @default - no header: the bucket's own encryption applies */
  readonly serverSideEncryption?: ServerSideEncryption;
  /**
   * ARN of the KMS key.
   * @default - AWS's own key for S3
   */
  readonly encryptionKeyArn?: string;
  /** @default - no header: the bucket's own setting applies */
  readonly bucketKeyEnabled?: boolean;
  /** @default false */
  readonly requesterPays?: boolean;
}
