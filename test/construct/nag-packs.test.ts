import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration, Stack, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { AwsSolutionsChecks, HIPAASecurityChecks, NagPack, NIST80053R5Checks, PCIDSS321Checks, ServerlessChecks } from 'cdk-nag';
import { FetchPageHandler, ImportDestination, PaginatedImportStateMachine, PaginatedImportStateMachineProps } from '../../src';
import { APPS } from './nag-apps';

/** The packs beyond AwsSolutions, by the prefix of their ids. */
const PACKS: { readonly [prefix: string]: new (app: App) => NagPack } = {
  'HIPAA.Security': HIPAASecurityChecks, 'NIST.800.53.R5': NIST80053R5Checks, 'PCI.DSS.321': PCIDSS321Checks, 'Serverless': ServerlessChecks,
};

const DOCUMENT = readFileSync(join(__dirname, '../../docs/company-policies.md'), 'utf8');

/** Rows of the table below a heading: rule, packs, and the rest. */
function rowsBelow(heading: string): { readonly rule: string; readonly packs: string[]; readonly last: string }[] {
  const section = DOCUMENT.slice(DOCUMENT.indexOf(`### ${heading}`)).split(/\n###? /)[0]!;
  return [...section.matchAll(/^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|$/gm)]
    .map(([, rule, packs, last]) => ({ rule: rule!, packs: packs!.split(', '), last: last! }));
}

const SETTLED = rowsBelow('Settled by a property');
const ACKNOWLEDGED = rowsBelow('Acknowledged');

/** The findings in an import that are not acknowledged, by their full ids. */
function findings(app: App, Pack: new (app: App) => NagPack): string[] {
  app.synth();
  return new Pack(app).validateScope(app).violations
    .filter(({ violatingResources }) => violatingResources.some(({ constructPath }) => /\/(Orders|Flights)\//.test(`${constructPath}/`)))
    .map(({ ruleName }) => ruleName);
}

function idsOf(rows: typeof SETTLED): string[] {
  return rows.flatMap(({ rule, packs }) => packs.map((pack) => `${pack}-${rule}`));
}

describe.each(Object.entries(PACKS))('%s', (prefix, Pack) => {
  test.each(APPS)('finds nothing in an import %s but what a property settles', (_name, newApp) => {
    const settled = idsOf(SETTLED).filter((id) => id.startsWith(prefix));
    expect(findings(newApp(), Pack).filter((id) => !settled.includes(id))).toEqual([]);
  });
});

type Props = Partial<PaginatedImportStateMachineProps>;

/** A stack whose import has the properties that the table names, except those left out. */
function companyApp(leftOut: readonly string[] = []): App {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const queueArn = 'arn:aws:sqs:eu-west-1:123456789012:not-started';
  const props: Props = {
    encryptionKey: new kms.Key(stack, 'Key', { enableKeyRotation: true }),
    vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1', availabilityZones: ['eu-west-1a', 'eu-west-1b'], privateSubnetIds: ['subnet-1', 'subnet-2'], privateSubnetRouteTableIds: ['rtb-1', 'rtb-2'],
    }),
    reservedConcurrentExecutions: 3,
    scheduleDeadLetterQueue: sqs.Queue.fromQueueArn(stack, 'NotStarted', queueArn),
  };
  expect(Object.keys(props).sort()).toEqual([...new Set(SETTLED.map(({ last }) => propOf(last)))].sort());
  const published = s3.Bucket.fromBucketName(stack, 'Published', 'published');
  new PaginatedImportStateMachine(stack, 'Orders', {
    fetchPage: FetchPageHandler.fromEntry(join(__dirname, 'fixtures', 'orders.source.ts')),
    pageSize: 25,
    destination: ImportDestination.toBucket(published, { key: 'orders/{date}/{importId}.jsonl' }),
    beforePersist: new sfn.Pass(stack, 'Check'),
    schedule: events.Schedule.rate(Duration.days(1)),
    ...Object.fromEntries(Object.entries(props).filter(([name]) => !leftOut.includes(name))),
  });
  return app;
}

/** The property in backticks at the beginning of the last column. */
function propOf(last: string): string {
  return /^`(\w+)`/.exec(last)![1]!;
}

function allFindings(app: App): string[] {
  return Object.values(PACKS).flatMap((Pack) => findings(app, Pack));
}

describe('the tables in docs/company-policies.md', () => {
  test('a stack with all the properties has no finding of any pack, anywhere', () => {
    const app = companyApp();
    app.synth();
    const violations = [AwsSolutionsChecks, ...Object.values(PACKS)].flatMap((Pack) => new Pack(app).validateScope(app).violations);
    expect(violations.map(({ ruleName }) => ruleName)).toEqual([]);
  });

  test.each(['encryptionKey', 'vpc', 'reservedConcurrentExecutions', 'scheduleDeadLetterQueue'])('without %s there are its findings and no others', (prop) => {
    expect(new Set(allFindings(companyApp([prop])))).toEqual(new Set(idsOf(SETTLED.filter(({ last }) => propOf(last) === prop))));
  });

  test('name every acknowledged rule, and no other', () => {
    const app = companyApp();
    app.synth();
    const acknowledged = app.node.findAll().flatMap(({ node }) => node.metadata)
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY).flatMap(({ data }) => Object.keys(data as object));
    const ids = [...new Set(acknowledged)].filter((id) => !id.startsWith('AwsSolutions-'));
    expect(ids.sort()).toEqual(idsOf(ACKNOWLEDGED).sort());
  });

  test('an acknowledged rule would have findings otherwise', () => {
    const app = companyApp();
    for (const { node } of app.node.findAll()) {
      const value = node.metadata.filter(({ type }) => type !== Validations.ACKNOWLEDGED_RULES_METADATA_KEY);
      Object.defineProperty(node, 'metadata', { value });
    }
    expect(new Set(allFindings(app))).toEqual(new Set(idsOf(ACKNOWLEDGED)));
  });
});
