import * as path from 'node:path';
import { CfnOutput, Duration, RemovalPolicy, Stack, StackProps, Validations } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { FetchPageHandler, ImportDestination, PaginatedImportStateMachine } from 'cdk-paginated-import';
import { Construct } from 'constructs';

export interface FlightsStackProps extends StackProps {
  /** Where the REST server is, without a slash at its end. */
  readonly apiUrl: string;
}

/** Imports the flights into a bucket of its own. */
export class FlightsStack extends Stack {
  constructor(scope: Construct, id: string, props: FlightsStackProps) {
    super(scope, id, props);

    const bucket = new s3.Bucket(this, 'Bucket', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      // Parts of an import that failed for good while it was being published.
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(30) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // The one finding of cdk-nag that an example leaves to its reader.
    Validations.of(bucket).acknowledge({ id: 'AwsSolutions-S1', reason: 'Access logs belong into a bucket of the account, which an example has not.' });

    const flights = new PaginatedImportStateMachine(this, 'Flights', {
      fetchPage: FetchPageHandler.fromEntry(path.join(__dirname, 'flights.source.ts')),
      pageSize: 500,
      destination: ImportDestination.toBucket(bucket, { key: 'flights/{date}/{importId}.jsonl' }),
      fetchFunction: { environment: { FLIGHTS_API_URL: props.apiUrl } },
    });

    new CfnOutput(this, 'StateMachineArn', { value: flights.stateMachine.stateMachineArn });
    new CfnOutput(this, 'BucketName', { value: bucket.bucketName });
  }
}
