import { CfnResource, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { acknowledgeWildcards } from './acknowledgements';
import { CompactRole } from './compact-role';

/** What a step may do with which keys of a bucket. `*` stands for any characters. */
export interface KeyAccess {
  /** Keys that it reads. */
  readonly read?: readonly string[];
  /** Keys that it writes. */
  readonly write?: readonly string[];
  /** Keys that it uploads to in parts. */
  readonly upload?: readonly string[];
  /** Keys that it gives tags as it writes them. */
  readonly tag?: readonly string[];
  /** Keys that it deletes. */
  readonly delete?: readonly string[];
  /** Keys that it lists, and keys of which it must see that they are absent. */
  readonly list: readonly string[];
}

/**
 * Allows one of our functions to work with keys of a bucket. The statements are written by hand: CDK's `grantRead` and `grantPut` give
 * actions on the whole bucket besides those on the keys.
 */
export function allowKeys(fn: lambda.Function, bucket: s3.IBucket, key: kms.IKey | undefined, access: KeyAccess): void {
  const statements = [
    ...onKeys(bucket, ['s3:GetObject'], access.read),
    ...onKeys(bucket, ['s3:PutObject'], access.write),
    ...onKeys(bucket, ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'], access.upload),
    ...onKeys(bucket, ['s3:PutObjectTagging'], access.tag),
    ...onKeys(bucket, ['s3:DeleteObject'], access.delete),
    listing(bucket, access.list),
  ];
  const role = fn.role as CompactRole;
  statements.forEach((statement) => role.addToPrincipalPolicy(statement));
  acknowledgeWildcards(role, () => statements.flatMap(({ resources }) => resources), 'The import\'s id and the upload\'s uuid in these keys are drawn when it runs.');
  key?.grant(fn, ...keyActions(access));
}

function onKeys(bucket: s3.IBucket, actions: string[], keys: readonly string[] = []): iam.PolicyStatement[] {
  return keys.length === 0 ? [] : [new iam.PolicyStatement({ actions, resources: keys.map((key) => bucket.arnForObjects(key)) })];
}

/**
 * S3 answers 403 for an absent key to whoever may not list the bucket, which must never be taken for "absent". A read has no
 * `prefix` parameter, and AWS does not document what `s3:prefix` then is: `IfExists` lets the read tell absent from forbidden either
 * way, and still confines a listing that names a prefix.
 */
function listing(bucket: s3.IBucket, keys: readonly string[]): iam.PolicyStatement {
  const confined = !keys.includes('*');
  return new iam.PolicyStatement({
    actions: ['s3:ListBucket'],
    resources: [bucket.bucketArn],
    ...confined && { conditions: { StringLikeIfExists: { 's3:prefix': keys } } },
  });
}

/** S3 decrypts what it reads, and the data key of an upload under way; it needs a new data key for whatever it writes. */
function keyActions({ write, upload }: KeyAccess): string[] {
  return write === undefined && upload === undefined ? ['kms:Decrypt'] : ['kms:Decrypt', 'kms:GenerateDataKey'];
}

/** Whether two buckets are known to be one at synth: the same construct, or the same literal name. */
export function isSameBucket(one: s3.IBucket, other: s3.IBucket): boolean {
  const name = literalNameOf(one);
  return one === other || (name !== undefined && name === literalNameOf(other));
}

/** Where the app makes a bucket of a given name, `bucketName` is a reference to it all the same. */
function literalNameOf(bucket: s3.IBucket): string | undefined {
  const name = resourceOf(bucket)?.bucketName ?? bucket.bucketName;
  return Token.isUnresolved(name) ? undefined : name;
}

/** The bucket's resource where it is made in this app; `undefined` for an imported one, of which nothing is known at synth. */
export function resourceOf(bucket: s3.IBucket): s3.CfnBucket | undefined {
  const resource = bucket.node.defaultChild;
  return resource !== undefined && CfnResource.isCfnResource(resource) && resource.cfnResourceType === s3.CfnBucket.CFN_RESOURCE_TYPE_NAME
    ? resource as s3.CfnBucket
    : undefined;
}
