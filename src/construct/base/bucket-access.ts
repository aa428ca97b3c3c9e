import { CfnResource, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { acknowledgeWildcards } from './acknowledgements';
import { CompactRole } from './compact-role';
import { allowKeyThroughS3 } from './key-access';

/** What a step may do with which keys of a bucket. `*` stands for any characters. */
export interface KeyAccess {
  readonly read?: readonly string[];
  readonly write?: readonly string[];
  /** Keys that it writes if there is no object, and never otherwise. */
  readonly create?: readonly string[];
  /** Keys that it replaces if there is an object with an ETag that it names, and never otherwise. */
  readonly replace?: readonly string[];
  /** Keys that it uploads in parts. */
  readonly upload?: readonly string[];
  /** Keys that it tags when it writes them. */
  readonly tag?: readonly string[];
  readonly delete?: readonly string[];
  /** Keys that it lists, or must recognize as absent. */
  readonly list: readonly string[];
}

/**
 * Grants one of our functions access to keys of a bucket. The statements are written by hand, because CDK's `grantRead` and `grantPut` also
 * grant actions on the whole bucket.
 */
export function allowKeys(fn: lambda.Function, bucket: s3.IBucket, key: kms.IKey | undefined, access: KeyAccess): void {
  const statements = [
    ...onKeys(bucket, ['s3:GetObject'], access.read),
    ...onKeys(bucket, ['s3:PutObject'], access.write),
    ...onKeys(bucket, ['s3:PutObject'], access.create, WITH_IF_NONE_MATCH),
    ...onKeys(bucket, ['s3:PutObject'], access.replace, WITH_IF_MATCH),
    ...onKeys(bucket, ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'], access.upload),
    ...onKeys(bucket, ['s3:PutObjectTagging'], access.tag),
    ...onKeys(bucket, ['s3:DeleteObject'], access.delete),
    listing(bucket, access.list),
  ];
  const role = fn.role as CompactRole;
  statements.forEach((statement) => role.addToPrincipalPolicy(statement));
  acknowledgeWildcards(role, () => statements.flatMap(({ resources }) => resources), 'The import\'s id and the upload\'s uuid in these keys are generated at run time.');
  if (key !== undefined) allowKeyThroughS3(role, bucket, key, keyActions(access));
}

type Conditions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html */
const WITH_IF_NONE_MATCH: Conditions = { Null: { 's3:if-none-match': 'false' } };
const WITH_IF_MATCH: Conditions = { Null: { 's3:if-match': 'false' } };

function onKeys(bucket: s3.IBucket, actions: string[], keys: readonly string[] = [], conditions: Conditions = {}): iam.PolicyStatement[] {
  return keys.length === 0 ? [] : [inOwnAccount(bucket, actions, keys.map((key) => bucket.arnForObjects(key)), conditions)];
}

/**
 * For an absent key, S3 may answer 403 to a caller that may list only some keys. The runtime then lists the key itself: see decision
 * record 19.
 */
function listing(bucket: s3.IBucket, keys: readonly string[]): iam.PolicyStatement {
  return inOwnAccount(bucket, ['s3:ListBucket'], [bucket.bucketArn], keys.includes('*') ? {} : { StringLike: { 's3:prefix': keys } });
}

function inOwnAccount(bucket: s3.IBucket, actions: string[], resources: string[], conditions: Conditions): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions, resources, conditions: { ...conditions, ...ownAccountOf(bucket) } });
}

/** A bucket's name is free once the bucket is deleted, and anyone may take it. So the account is part of every permission. */
export function ownAccountOf(bucket: s3.IBucket): Record<string, Record<string, string>> {
  return { StringEquals: { 'aws:ResourceAccount': bucket.env.account } };
}

/** S3 decrypts what it reads and the data key of a running upload. It needs a new data key for what it writes. */
function keyActions({ write, create, replace, upload }: KeyAccess): string[] {
  return [write, create, replace, upload].every((keys) => keys === undefined) ? ['kms:Decrypt'] : ['kms:Decrypt', 'kms:GenerateDataKey'];
}

/** Whether two buckets are known at synth to be the same: one construct, or one literal name. */
export function isSameBucket(one: s3.IBucket, other: s3.IBucket): boolean {
  const name = literalNameOf(one);
  return one === other || (name !== undefined && name === literalNameOf(other));
}

/** If the app creates the bucket, `bucketName` is a reference even if the name is a literal. */
export function literalNameOf(bucket: s3.IBucket): string | undefined {
  const name = resourceOf(bucket)?.bucketName ?? bucket.bucketName;
  return Token.isUnresolved(name) ? undefined : name;
}

/** The bucket's resource if this app creates it; `undefined` for an imported one, about which synth knows nothing. */
export function resourceOf(bucket: s3.IBucket): s3.CfnBucket | undefined {
  const resource = bucket.node.defaultChild;
  return resource !== undefined && CfnResource.isCfnResource(resource) && resource.cfnResourceType === s3.CfnBucket.CFN_RESOURCE_TYPE_NAME
    ? resource as s3.CfnBucket
    : undefined;
}
