import { App, Stack } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ImportDestination, OutputFormat, PaginatedImport, PaginatedImportStateMachine } from '../../src';
import { STATE_MACHINE_DEFINITION_BYTES } from '../../src/protocol/limits';
import { TestStack } from './kit';

/** An import in a machine that cannot run it: AWS would refuse it when it is deployed, or end its executions. */

type Build = (stack: TestStack, fragment: PaginatedImport) => sfn.IChainable;

/** The error of a synth with one import in a foreign machine. */
function errorOf(build: Build, props: Partial<sfn.StateMachineProps> = {}, machineScope?: (app: App) => Construct): string {
  const app = new App();
  const stack = new TestStack(app);
  const definitionBody = sfn.DefinitionBody.fromChainable(build(stack, new PaginatedImport(stack, 'Orders', stack.props())));
  new sfn.StateMachine(machineScope?.(app) ?? stack, 'Foreign', { definitionBody, ...props });
  return synthErrorOf(app);
}

function synthErrorOf(app: App): string {
  try {
    app.synth();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

const JSONATA = { queryLanguage: sfn.QueryLanguage.JSONATA };
const EXPRESS = { stateMachineType: sfn.StateMachineType.EXPRESS };
const START = 'new tasks.StepFunctionsStartExecution(this, \'StartOrders\', { stateMachine: orders.stateMachine })';

/** The ways in which a fragment can be part of a machine. */
const PLACES: readonly (readonly [string, Build])[] = [
  ['as it is', (_stack, fragment) => fragment],
  ['after a state', (stack, fragment) => new sfn.Pass(stack, 'Before').next(fragment)],
  ['behind a choice', (stack, fragment) => new sfn.Choice(stack, 'Which').when(sfn.Condition.isPresent('$.orders'), fragment).otherwise(new sfn.Pass(stack, 'Else'))],
  ['with a prefix', (_stack, fragment) => fragment.prefixStates('Orders/')],
  ['as one state', (_stack, fragment) => fragment.toSingleState()],
  ['in a Parallel', (stack, fragment) => new sfn.Parallel(stack, 'Both').branch(fragment).branch(new sfn.Pass(stack, 'Other'))],
  ['in a Map', (stack, fragment) => new sfn.Map(stack, 'Each').itemProcessor(fragment)],
  ['in a distributed Map', (stack, fragment) => new sfn.DistributedMap(stack, 'Each').itemProcessor(fragment)],
  ['in a Map in a Parallel', (stack, fragment) => new sfn.Parallel(stack, 'Both').branch(new sfn.Map(stack, 'Each').itemProcessor(fragment))],
];

describe.each(PLACES)('an import %s', (_name, build) => {
  test('is refused in a machine of JSONata, with the ways out', () => {
    const error = errorOf(build, JSONATA);
    expect(error).toContain('[Stack/Orders] The import is part of the state machine Stack/Foreign, whose query language is JSONata. The states of the import are '
      + 'written in JSONPath, which Step Functions refuses in such a machine. Leave queryLanguage out of the machine and give it to the states that need it');
    expect(error).toContain(START);
  });

  test('is refused in an Express machine, with the ways out', () => {
    const error = errorOf(build, EXPRESS);
    expect(error).toContain('[Stack/Orders] The import is part of the state machine Stack/Foreign, which is EXPRESS. Step Functions ends executions of such a machine after '
      + '5 minutes, and refuses a state that waits for another execution, as ContinueInChild does. Make the machine STANDARD');
    expect(error).toContain(START);
  });

  test('is allowed in a standard machine of JSONPath', () => {
    expect(errorOf(build)).toBe('');
  });
});

test.each<[string, Build]>([
  ['by the class', (stack, fragment) => new sfn.DistributedMap(stack, 'Each', { mapExecutionType: sfn.StateMachineType.EXPRESS }).itemProcessor(fragment)],
  ['by the configuration', (stack, fragment) => new sfn.Map(stack, 'Each')
    .itemProcessor(fragment, { mode: sfn.ProcessorMode.DISTRIBUTED, executionType: sfn.ProcessorType.EXPRESS })],
  ['around another', (stack, fragment) => new sfn.DistributedMap(stack, 'Outer', { mapExecutionType: sfn.StateMachineType.EXPRESS })
    .itemProcessor(new sfn.Map(stack, 'Each').itemProcessor(fragment))],
])('a Map whose items are Express executions is refused: %s', (_name, build) => {
  expect(errorOf(build)).toContain('[Stack/Orders] The import is part of the state machine Stack/Foreign, in a Map whose items are EXPRESS executions. Step Functions ends such '
    + 'executions after 5 minutes, and refuses a state that waits for another execution, as ContinueInChild does. Make them STANDARD, by mapExecutionType or executionType;');
});

test('states of JSONata are allowed before and after an import, and around it', () => {
  expect(errorOf((stack, fragment) => sfn.Pass.jsonata(stack, 'Before').next(fragment).next(sfn.Pass.jsonata(stack, 'After')))).toBe('');
  expect(errorOf((stack, fragment) => sfn.Map.jsonata(stack, 'Each').itemProcessor(fragment))).toBe('');
});

test('the machine may be in another stack', () => {
  expect(errorOf((_stack, fragment) => fragment, EXPRESS, (app) => new Stack(app, 'Other'))).toContain('the state machine Other/Foreign, which is EXPRESS');
});

test('the machine may have tokens where a number is due, and quotes in its texts', () => {
  const build: Build = (stack, fragment) => new sfn.Pass(stack, 'Say "\\hello"', { comment: '"' }).next(new sfn.CustomState(stack, 'Pause', {
    stateJson: { Type: 'Wait', Seconds: stack.resolve({ Ref: 'AWS::NoValue' }), Comment: stack.account },
  })).next(fragment);
  expect(errorOf(build, EXPRESS)).toContain('which is EXPRESS');
});

test('each import is looked at by itself, and each machine that is wrong is named', () => {
  const app = new App();
  const stack = new TestStack(app);
  const machine = (id: string, props: object): PaginatedImport => {
    const fragment = new PaginatedImport(stack, id, stack.props({ destination: ImportDestination.toBucket(stack.bucket, { key: `${id}/{importId}` }) }));
    new sfn.StateMachine(stack, `${id}Machine`, { definitionBody: sfn.DefinitionBody.fromChainable(fragment), ...props });
    return fragment;
  };
  machine('First', EXPRESS);
  machine('Second', {});
  machine('Third', JSONATA);
  const error = synthErrorOf(app);
  expect(error.match(/The import is part of the state machine [^ ,]*/g)).toEqual([
    'The import is part of the state machine Stack/FirstMachine', 'The import is part of the state machine Stack/ThirdMachine',
  ]);
});

test('an import that is in no machine is allowed, and a machine whose definition is a file', () => {
  const app = new App();
  const stack = new TestStack(app);
  new PaginatedImport(stack, 'Unused', stack.props());
  new sfn.StateMachine(stack, 'Other', { definitionBody: sfn.DefinitionBody.fromString('not JSON'), ...EXPRESS });
  new sfn.StateMachine(stack, 'File', { definitionBody: sfn.DefinitionBody.fromFile(__filename) });
  expect(synthErrorOf(app)).toBe('');
});

test('imports whose settings add up to more than a definition may have are refused', () => {
  const app = new App();
  const stack = new TestStack(app);
  const columns = Array.from({ length: 1200 }, (_, column) => `${'c'.repeat(90)}${column}`);
  const parallel = new sfn.Parallel(stack, 'All');
  for (let index = 0; index < 10; index += 1) {
    const destination = ImportDestination.toBucket(stack.bucket, { key: `${index}/{importId}.csv`, format: OutputFormat.csv({ columns }) });
    parallel.branch(new PaginatedImport(stack, `Orders${index}`, stack.props({ destination })).prefixStates());
  }
  new sfn.StateMachine(stack, 'Foreign', { definitionBody: sfn.DefinitionBody.fromChainable(parallel) });
  expect(synthErrorOf(app)).toMatch(new RegExp('\\[Stack/Orders0\\] The import is part of the state machine Stack/Foreign, whose definition has \\d+ bytes, more than the '
    + `${STATE_MACHINE_DEFINITION_BYTES} that Step Functions takes. Give its CSVs fewer columns or none, or spread the imports over several machines`));
});

test('a machine of the package\'s own is never refused', () => {
  const app = new App();
  const stack = new TestStack(app);
  new PaginatedImportStateMachine(stack, 'Orders', stack.props());
  expect(synthErrorOf(app)).toBe('');
});
