import * as fs from 'node:fs';
import * as path from 'node:path';
import { Duration, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { ChunkCache, PaginatedImport, PaginatedImportStateMachine, PaginatedImportStateMachineProps } from '../../src';
import { STACK_RESOURCES, STACK_TEMPLATE_BYTES } from '../../src/protocol/limits';
import { TestStack } from './kit';

/** A stack may have 500 resources: what an import needs of them. */

const README = fs.readFileSync(path.join(__dirname, '..', '..', 'README.md'), 'utf8');

type Counts = { readonly [type: string]: number };

/** What is in a stack. */
function countsIn(stack: Stack): Counts {
  const counts: Record<string, number> = {};
  const resources = Object.values(Template.fromStack(stack).toJSON().Resources) as { Type: string }[];
  for (const { Type: type } of resources) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

/** What is added to a stack that has the destination's bucket already. */
function countsOf(build: (stack: TestStack) => void): Counts {
  const stack = new TestStack();
  build(stack);
  const before = countsIn(new TestStack());
  const added = Object.entries(countsIn(stack)).map(([type, count]) => [type, count - (before[type] ?? 0)] as const);
  return Object.fromEntries(added.filter(([, count]) => count !== 0));
}

function machine(props: (stack: TestStack) => Partial<PaginatedImportStateMachineProps> = () => ({})): Counts {
  return countsOf((stack) => new PaginatedImportStateMachine(stack, 'Orders', { ...stack.props(), ...props(stack) }));
}

function sum(counts: Counts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** An import without anything optional, but with a cache that is there already. */
const LEAST: Counts = {
  'AWS::Lambda::Function': 4,
  'AWS::IAM::Role': 6,
  'AWS::Logs::LogGroup': 2,
  'AWS::StepFunctions::StateMachine': 2,
};

const given = (stack: TestStack) => ({ chunkCache: ChunkCache.fromBucket(new s3.Bucket(stack, 'Cache'), { prefix: 'cache' }) });

test('an import has functions with a role each, two machines with a role each, two log groups, and a cache with its policy', () => {
  expect(machine()).toEqual({ ...LEAST, 'AWS::S3::Bucket': 1, 'AWS::S3::BucketPolicy': 1 });
});

test.each<[string, number, () => Counts]>([
  ['an import', 16, () => machine()],
  ['with a schedule', 18, () => machine(() => ({ schedule: events.Schedule.rate(Duration.days(1)) }))],
  ['with states before publishing', 18, () => machine((stack) => ({ beforePersist: new sfn.Pass(stack, 'Check') }))],
  ['with a cache that is there already (the bucket is counted here)', 15, () => machine(given)],
  ['without logs of its machines', 15, () => machine(() => ({ stateMachineLogLevel: sfn.LogLevel.OFF }))],
  ['in a larger machine', 14, () => countsOf((stack) => new PaginatedImport(stack, 'Orders', stack.props()))],
])('%s: %i resources', (_name, count, counts) => {
  expect(sum(counts())).toBe(count);
});

test('nested stacks count for themselves', () => {
  const added = countsOf((stack) => {
    for (const id of ['First', 'Second']) new PaginatedImportStateMachine(new NestedStack(stack, id), 'Orders', stack.props());
  });
  expect(added).toEqual({ 'AWS::CloudFormation::Stack': 2 });
});

/** Bytes of the template of a stack with so many imports, indented by so many spaces: by one, unless the stack says otherwise. */
function templateBytes(imports: number, indentation: number): number {
  const stack = new TestStack();
  for (let index = 0; index < imports; index++) new PaginatedImportStateMachine(stack, `Orders${index}`, stack.props());
  return Buffer.byteLength(JSON.stringify(Template.fromStack(stack).toJSON(), undefined, indentation));
}

test('the README tells how many there are, and how many imports a stack can have', () => {
  const [, resources, imports, most] = /An import is (\d+) resources[^.]*\.\s+A stack holds (\d+)[^.]*\.[^.]*it\s+holds (\d+)/.exec(README) ?? [];
  const own = sum(machine());
  const holds = (indentation: number): number => {
    const [one, two] = [templateBytes(1, indentation), templateBytes(2, indentation)];
    return Math.floor((STACK_TEMPLATE_BYTES - one) / (two - one)) + 1;
  };
  // Besides the destination's bucket and the CDK's own metadata.
  const byResources = Math.floor((STACK_RESOURCES - 2) / own);

  expect([resources, imports, most].map(Number)).toEqual([own, Math.min(byResources, holds(1)), Math.min(byResources, holds(0))]);
});
