import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { FetchPageHandler, ImportDestination, PaginatedImportStateMachine, Pagination } from 'cdk-paginated-import';

/**
 * An import that publishes to a bucket of another account, encrypted with a key of that account. Deploy `Data` first: an import refuses to
 * start while it may not write to its destination. docs/company-policies.md explains the two policies.
 */
const IMPORTS = { account: '111122223333', region: 'eu-west-1' };
const DATA = { account: '444455556666', region: 'eu-west-1' };
const BUCKET_NAME = 'published-444455556666';
const PREFIX = 'orders/';

const app = new App();

const data = new Stack(app, 'Data', { env: DATA });
const importers = new iam.AccountPrincipal(IMPORTS.account);
const key = new kms.Key(data, 'Key', { enableKeyRotation: true });
key.addToResourcePolicy(new iam.PolicyStatement({
  principals: [importers],
  actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
  resources: ['*'],
  conditions: { StringEquals: { 'kms:ViaService': `s3.${DATA.region}.amazonaws.com` } },
}));
new CfnOutput(data, 'KeyArn', { value: key.keyArn });

const published = new s3.Bucket(data, 'Published', {
  bucketName: BUCKET_NAME,
  encryption: s3.BucketEncryption.KMS,
  encryptionKey: key,
  bucketKeyEnabled: true,
  blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
  // Objects belong to this account, whoever writes them.
  objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
  removalPolicy: RemovalPolicy.RETAIN,
});
published.addToResourcePolicy(new iam.PolicyStatement({
  principals: [importers],
  actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
  resources: [published.arnForObjects(`${PREFIX}*`)],
}));
published.addToResourcePolicy(new iam.PolicyStatement({
  principals: [importers],
  actions: ['s3:ListBucket'],
  resources: [published.bucketArn],
  conditions: { StringLike: { 's3:prefix': [`${PREFIX}*`] } },
}));

const imports = new Stack(app, 'Imports', { env: IMPORTS });
const destination = s3.Bucket.fromBucketAttributes(imports, 'Published', { bucketName: BUCKET_NAME, ...DATA });
new PaginatedImportStateMachine(imports, 'Orders', {
  fetchPage: FetchPageHandler.http({ url: 'https://api.example.com/orders', pagination: Pagination.linkHeader() }),
  pageSize: 100,
  destination: ImportDestination.toBucket(destination, {
    key: `${PREFIX}{date}/{importId}.jsonl`,
    // The output KeyArn of the stack Data.
    encryptionKey: kms.Key.fromKeyArn(imports, 'Key', process.env.KEY_ARN ?? `arn:aws:kms:${DATA.region}:${DATA.account}:key/from-the-other-stack`),
  }),
});
