import * as path from 'node:path';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { ChunkCache, FetchPageHandler, ImportDestination, PaginatedImport, PaginatedImportStateMachine } from 'cdk-paginated-import';

/** From the working folder, which is the repository's for tests and for the CDK command line alike. */
const SOURCE = path.resolve('test', 'construct', 'fixtures', 'orders.source.ts');

/**
 * Everything in one stack, to deploy by hand to an account and to start: an import with all that the package makes by default, on a
 * schedule, and two in a machine of the user's that share a cache bucket, one of them with a handler in a function of its own.
 *
 * `npx cdk deploy --app "node test/integ.orders.ts"`, after a build.
 */
export class OrdersStack extends Stack {
  constructor(app: App) {
    super(app, 'PaginatedImportInteg');
    const bucket = new s3.Bucket(this, 'Bucket', { enforceSSL: true, removalPolicy: RemovalPolicy.RETAIN });

    new PaginatedImportStateMachine(this, 'Orders', {
      fetchPage: FetchPageHandler.fromEntry(SOURCE),
      pageSize: 25,
      destination: ImportDestination.toBucket(bucket, { key: 'orders/{date}/{importId}.jsonl' }),
      schedule: events.Schedule.rate(Duration.days(1)),
    });

    const items = new PaginatedImport(this, 'Items', {
      fetchPage: FetchPageHandler.fromFunction(new lambda.Function(this, 'ItemsHandler', {
        runtime: lambda.Runtime.PYTHON_3_13,
        handler: 'index.handler',
        code: lambda.Code.fromInline('def handler(event, context): return [event["offset"]] if event["offset"] < 100 else []'),
      })),
      pageSize: 1,
      destination: ImportDestination.toBucket(bucket, { key: 'items/latest.jsonl' }),
      chunkCache: ChunkCache.fromBucket(bucket, { prefix: 'cache/items' }),
      beforePersist: new sfn.Pass(this, 'Check'),
      roundsPerExecution: 5,
    });
    const again = new PaginatedImport(this, 'OrdersAgain', {
      fetchPage: FetchPageHandler.fromEntry(SOURCE),
      pageSize: 10,
      destination: ImportDestination.toBucket(bucket, { key: 'orders-again/{importId}.jsonl' }),
      chunkCache: ChunkCache.fromBucket(bucket, { prefix: 'cache/orders-again' }),
    });
    new sfn.StateMachine(this, 'Both', {
      definitionBody: sfn.DefinitionBody.fromChainable(
        new sfn.Parallel(this, 'ItemsAndOrders').branch(items.prefixStates(), again.prefixStates()),
      ),
    });
  }
}

// Set by the CDK command line.
if (process.env.CDK_OUTDIR !== undefined) new OrdersStack(new App());
