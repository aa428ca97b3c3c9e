import * as path from 'node:path';
import { CfnOutput, Duration, RemovalPolicy, Stack, StackProps, Validations } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { FetchPageHandler, ImportDestination, PaginatedImportStateMachine } from 'cdk-paginated-import';
import { Construct } from 'constructs';

export interface FlightsStackProps extends StackProps {
  /** URL of the REST server, without a trailing slash. */
  readonly apiUrl: string;
}

/** Imports the flights into its own bucket. */
export class FlightsStack extends Stack {
  constructor(scope: Construct, id: string, props: FlightsStackProps) {
    super(scope, id, props);

    const bucket = new s3.Bucket(this, 'Bucket', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      // Removes parts of an import that failed for good while it was published.
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(30) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // The only cdk-nag finding that this example leaves to its readers.
    Validations.of(bucket).acknowledge({ id: 'AwsSolutions-S1', reason: 'Access logs need a log bucket, which an example does not have.' });

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
