import { PutObjectCommandInput, StorageClass } from '@aws-sdk/client-s3';
import { BucketRequests } from '../../protocol/bucket-requests';
import { PieceBody } from '../bytes/piece-body';
import { CopySource, ObjectProperties, WriteCondition } from '../ports/object-store';

/** Translates the port's terms into headers of S3 requests. */

export function conditionHeaders(condition: WriteCondition): { IfNoneMatch: string } | { IfMatch: string } {
  return condition === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: condition.etag };
}

export function propertyHeaders(properties: ObjectProperties): PropertyHeaders {
  const { contentType, contentEncoding, storageClass, tags = [], metadata } = properties;
  return {
    ContentType: contentType,
    ContentEncoding: contentEncoding,
    StorageClass: storageClass as StorageClass | undefined,
    Tagging: tags.length === 0 ? undefined : tags.map(({ key, value }) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`).join('&'),
    Metadata: metadata === undefined ? undefined : { ...metadata },
  };
}

type PropertyHeaders = Pick<PutObjectCommandInput, 'ContentType' | 'ContentEncoding' | 'StorageClass' | 'Tagging' | 'Metadata'>;

/** Of requests that make an object. */
export function encryptionHeaders({ serverSideEncryption, encryptionKeyArn, bucketKeyEnabled }: BucketRequests): EncryptionHeaders {
  return {
    ...serverSideEncryption !== undefined && { ServerSideEncryption: serverSideEncryption },
    ...encryptionKeyArn !== undefined && { SSEKMSKeyId: encryptionKeyArn },
    ...bucketKeyEnabled !== undefined && { BucketKeyEnabled: bucketKeyEnabled },
  };
}

export type EncryptionHeaders = Pick<PutObjectCommandInput, 'ServerSideEncryption' | 'SSEKMSKeyId' | 'BucketKeyEnabled'>;

export function sourcePath({ bucket, key }: CopySource): string {
  return `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
}

export function sourceRange({ offset, bytes }: CopySource): { CopySourceRange?: string } {
  return offset === undefined ? {} : { CopySourceRange: `bytes=${offset}-${offset + bytes - 1}` };
}

/** The SDK's type lists only the bodies that it can read itself. */
export function asBody(body: PieceBody): PutObjectCommandInput['Body'] {
  return body as unknown as PutObjectCommandInput['Body'];
}
