import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, CfnResource, Duration, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { FetchPageHandler, ImportDestination, PaginatedImportStateMachine } from '../../src';
import { OrdersStack } from '../integ.orders';
import { FIXTURES } from './kit';

interface ValidationReport {
  readonly pluginReports: readonly unknown[];
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'template-validation-'));

/** What the CDK finds in the templates of an app. */
function reportsOn(name: string, addStack: (app: App) => void): readonly unknown[] {
  const app = new App({ outdir: path.join(folder, name) });
  addStack(app);
  const report = path.join(app.synth().directory, 'validation-report.json');
  return (JSON.parse(fs.readFileSync(report, 'utf8')) as ValidationReport).pluginReports;
}

beforeAll(() => {
  process.env.CDK_VALIDATION = 'true';
});

afterAll(() => {
  jest.restoreAllMocks();
  process.env.CDK_VALIDATION = 'false';
  fs.rmSync(folder, { recursive: true, force: true });
});

test('the CDK finds nothing to report in the templates', () => {
  expect(reportsOn('orders', (app) => new OrdersStack(app))).toEqual([]);
});

test('nor in one with a key, a network, reserved concurrency and a dead letter queue', () => {
  expect(reportsOn('company', (app) => {
    const stack = new Stack(app, 'Stack');
    new PaginatedImportStateMachine(stack, 'Orders', {
      fetchPage: FetchPageHandler.fromEntry(path.join(FIXTURES, 'orders.source.ts')),
      pageSize: 25,
      destination: ImportDestination.toBucket(new s3.Bucket(stack, 'Bucket'), { key: 'orders/{importId}.jsonl' }),
      encryptionKey: new kms.Key(stack, 'Key'),
      vpc: new ec2.Vpc(stack, 'Vpc'),
      reservedConcurrentExecutions: 3,
      schedule: events.Schedule.rate(Duration.days(1)),
      scheduleDeadLetterQueue: new sqs.Queue(stack, 'NotStarted'),
    });
  })).toEqual([]);
});

test('it would, if there were anything', () => {
  jest.spyOn(console, 'error').mockReturnValue();
  const reports = reportsOn('wrong', (app) => new CfnResource(new Stack(app, 'Stack'), 'Bucket', { type: 'AWS::S3::Bucket', properties: { Colour: 'red' } }));
  expect(JSON.stringify(reports)).toContain('Colour');
});
