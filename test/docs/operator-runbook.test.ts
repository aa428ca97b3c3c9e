import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Size } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { PaginatedImportProps, RepeatedPages, ShortPages, TotalMismatch } from '../../src';
import { EnvironmentVariable, PROGRESS_MESSAGE } from '../../src/protocol/environment';
import { REDRIVE_WINDOW_DAYS } from '../../src/protocol/limits';
import { StateName } from '../../src/protocol/state-names';
import { definitionOf, functionOf, importStack, logicalIdOf, TestStack } from '../construct/kit';
import { OWN_NAMES, RETRIES } from './error-docs';

const runbook = readFileSync(join(__dirname, '../../docs/operator-runbook.md'), 'utf8');
const scripts = [...runbook.matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm)].map(([, script]) => script!);

test.each(scripts)('a shell reads: %s', (script) => {
  const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('no command uses a variable that none before it has set', () => {
  const known = new Set<string>();
  for (const script of scripts) {
    for (const line of script.split('\n')) {
      for (const [, name] of line.matchAll(/\$\{?([A-Z]+)/g)) expect(known).toContain(name);
      for (const [, name] of line.matchAll(/^\s*([A-Z]+)=/g)) known.add(name!);
      for (const name of /read -r ([A-Z ]+) </.exec(line)?.[1]!.split(' ') ?? []) known.add(name);
    }
  }
  expect(known).toContain('EXECUTION');
});

test('it names states, variables, lines and errors as they are', () => {
  const states = [...runbook.matchAll(/^\| `(\w+)` \|/gm)].map(([, state]) => state!);
  const variables = [...runbook.matchAll(/PAGINATED_IMPORT_\w+/g)].map(([name]) => name);
  const errors = [...runbook.matchAll(/`(\w+Error|[A-Z]\w+\.\w+)`/g)].map(([, name]) => name!);

  expect(states.filter((state) => !(Object.values(StateName) as string[]).includes(state))).toEqual([]);
  expect(states.length).toBeGreaterThan(5);
  expect(variables.filter((name) => !(Object.values(EnvironmentVariable) as string[]).includes(name))).toEqual([]);
  expect(errors.filter((name) => ![...OWN_NAMES, ...RETRIES.keys()].includes(name))).toEqual([]);
  expect(runbook).toContain(`'"${PROGRESS_MESSAGE}"'`);
  expect(runbook).toContain(`within ${REDRIVE_WINDOW_DAYS} days`);
});

test('the functions and machines are found by the logical ids that they have', () => {
  const { orders } = importStack();

  expect(logicalIdOf(functionOf(orders.paginatedImport, 'Fetch'))).toContain('FunctionsFetchFunction');
  expect(logicalIdOf(orders.paginatedImport.continuationStateMachine)).toContain('Continuation');
  expect(logicalIdOf(orders.stateMachine)).not.toContain('Continuation');
});

describe('what a redrive does not see, since it is in the definition', () => {
  function definitionWith(props: (stack: TestStack) => Partial<PaginatedImportProps>): unknown {
    const { template, orders } = importStack(props);
    return [definitionOf(template, orders.stateMachine), definitionOf(template, orders.paginatedImport.continuationStateMachine)];
  }

  const unchanged = definitionWith(() => ({}));

  test.each<[string, (stack: TestStack) => Partial<PaginatedImportProps>]>([
    ['timeout', () => ({ timeout: Duration.days(3) })],
    ['fetchFunction.timeout', () => ({ fetchFunction: { timeout: Duration.minutes(5) } })],
    ['roundsPerExecution', () => ({ roundsPerExecution: 100 })],
    ['beforePersist', (stack) => ({ beforePersist: new sfn.Pass(stack, 'Check') })],
  ])('%s is, and the runbook says so', (property, props) => {
    expect(definitionWith(props)).not.toEqual(unchanged);
    expect(/So\s+resume instead after a change of (.*?), which are in the definition/s.exec(runbook)![1]).toContain(`\`${property}\``);
  });

  test.each<[string, Partial<PaginatedImportProps>]>([
    ['pageSize', { pageSize: 7 }],
    ['fetchFunction.memorySize', { fetchFunction: { memorySize: 2048 } }],
    ['chunkSize', { chunkSize: Size.mebibytes(16) }],
    ['checkpointInterval', { checkpointInterval: Duration.seconds(10) }],
    ['maxAttemptsPerPage', { maxAttemptsPerPage: 1 }],
    ['maxWait', { maxWait: Duration.minutes(1) }],
    ['maxPages', { maxPages: 100 }],
    ['maxRecords', { maxRecords: 100 }],
    ['maxEmptyPages', { maxEmptyPages: 100 }],
    ['shortPages', { shortPages: ShortPages.ALLOW }],
    ['repeatedPages', { repeatedPages: RepeatedPages.ALLOW }],
    ['minRecords', { minRecords: 1 }],
    ['onTotalMismatch', { onTotalMismatch: TotalMismatch.WARN }],
  ])('%s is not', (_property, props) => {
    expect(definitionWith(() => props)).toEqual(unchanged);
  });
});
