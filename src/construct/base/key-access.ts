import { CfnResource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { knownToDiffer } from './known-to-differ';

/**
 * Lets a role use a bucket's KMS key, but only for requests that S3 makes on its behalf. The role cannot call KMS itself.
 *
 * The statements are written by hand, because `key.grant` takes no conditions.
 */
export function allowKeyThroughS3(role: iam.IRole, bucket: s3.IBucket, key: kms.IKey, actions: string[]): void {
  const conditions = throughS3(bucket);
  role.addToPrincipalPolicy(new iam.PolicyStatement({ actions, resources: [arnFor(role, key)], conditions }));
  if (trusts(key, role)) return;
  // In another stack, naming the role would make the stacks depend on each other.
  const principals = [Stack.of(role) === Stack.of(key) ? role : new iam.AccountPrincipal(Stack.of(role).account)];
  key.addToResourcePolicy(new iam.PolicyStatement({ principals, actions, resources: ['*'], conditions }));
}

/** The same for anyone, to read. */
export function grantDecryptThroughS3(grantee: iam.IGrantable, bucket: s3.IBucket, key: kms.IKey): iam.Grant {
  return iam.Grant.addToPrincipalOrResource({
    grantee, actions: ['kms:Decrypt'], resourceArns: [key.keyArn], resourceSelfArns: ['*'], resource: key, conditions: throughS3(bucket),
  });
}

function throughS3(bucket: s3.IBucket): Record<string, Record<string, string>> {
  return { StringEquals: { 'kms:ViaService': `s3.${bucket.env.region}.amazonaws.com` } };
}

/** CDK has no ARN for a key of the app in another account or region, which has no name of its own. */
function arnFor(role: iam.IRole, key: kms.IKey): string {
  const [here, there] = [Stack.of(role), Stack.of(key)];
  const isOfApp = key.node.defaultChild !== undefined && CfnResource.isCfnResource(key.node.defaultChild);
  return isOfApp && (knownToDiffer(here.account, there.account) || knownToDiffer(here.region, there.region)) ? '*' : key.keyArn;
}

/** Whether the key's policy leaves it to IAM who may use the key, as CDK's default policy does for the key's own account. */
function trusts(key: kms.IKey, role: iam.IRole): boolean {
  const { trustAccountIdentities = true } = key as unknown as { readonly trustAccountIdentities?: boolean };
  return trustAccountIdentities && !knownToDiffer(Stack.of(role).account, Stack.of(key).account);
}
