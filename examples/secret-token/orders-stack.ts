import * as path from 'node:path';
import { Stack, StackProps } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { FactName } from 'aws-cdk-lib/region-info';
import { FetchPageHandler, ImportDestination, PaginatedImportStateMachine } from 'cdk-paginated-import';
import { Construct } from 'constructs';

export interface OrdersStackProps extends StackProps {
  /** URL of the orders API, without a trailing slash. */
  readonly apiUrl: string;
}

/** Imports orders from an API that requires a token, which is stored in Secrets Manager. */
export class OrdersStack extends Stack {
  constructor(scope: Construct, id: string, props: OrdersStackProps) {
    super(scope, id, props);

    const token = secretsmanager.Secret.fromSecretNameV2(this, 'Token', 'orders/api-token');
    // Serves secrets to the function over HTTP and caches them, so the source needs no AWS SDK.
    const secretsExtension = lambda.LayerVersion.fromLayerVersionArn(this, 'SecretsExtension',
      this.regionalFact(FactName.paramsAndSecretsLambdaLayer('1.0.103', 'arm64')));

    const orders = new PaginatedImportStateMachine(this, 'Orders', {
      fetchPage: FetchPageHandler.fromEntry(path.join(__dirname, 'orders.source.ts')),
      pageSize: 100,
      destination: ImportDestination.toBucket(new s3.Bucket(this, 'Bucket', { enforceSSL: true }), { key: 'orders/{date}/{importId}.jsonl' }),
      fetchFunction: {
        layers: [secretsExtension],
        environment: { ORDERS_API_URL: props.apiUrl, ORDERS_API_SECRET: token.secretName }, // its name, never its value
      },
    });
    token.grantRead(orders.fetchFunction);
  }
}
