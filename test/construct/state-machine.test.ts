import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { PaginatedImport, PaginatedImportStateMachine } from '../../src';
import { ROUNDS_PER_EMBEDDED_EXECUTION, ROUNDS_PER_EXECUTION } from '../../src/protocol/defaults';
import * as errors from '../../src/protocol/errors';
import { LASTING_LAMBDA_ERRORS } from '../../src/protocol/lambda-failures';
import { DEFAULT_OUTPUT } from '../../src/protocol/output-settings';
import { StateName } from '../../src/protocol/state-names';
import { Definition, definitionOf, functionOf, importStack, ImportStack, logicalIdOf, Properties, propertiesOf, TestStack } from './kit';

// The package has no types.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const validate: (definition: object) => { isValid: boolean; errorsText(separator: string): string } = require('asl-validator');

const STEPS = ['Initialize', 'Fetch', 'Persist', 'CleanUp'] as const;

let synthesized: ImportStack;
let definition: Definition;
let child: Definition;

beforeAll(() => {
  synthesized = importStack();
  definition = definitionOf(synthesized.template, synthesized.orders.stateMachine);
  child = definitionOf(synthesized.template, synthesized.orders.paginatedImport.continuationStateMachine);
});

describe('the definition', () => {
  test.each([['the import', () => definition], ['its continuation', () => child]])('of %s is valid', (_name, machine) => {
    // A copy, since the validator fills in defaults.
    const { isValid, errorsText } = validate(structuredClone(machine()));
    expect(isValid ? '' : errorsText('\n')).toBe('');
  });

  test('has the states of the design and no others', () => {
    const { DONE, BEFORE_PERSIST, SUMMARIZE, ...states } = StateName;
    expect(Object.keys(definition.States).sort()).toEqual(Object.values(states).sort());
    expect(Object.keys(child.States).sort()).toEqual([StateName.FETCH, StateName.PERSIST_OR_CONTINUE, StateName.WAIT, DONE].sort());
    expect(definition.StartAt).toBe('Initialize');
    expect(child.StartAt).toBe('PersistOrContinue');
  });

  test('uses JSONPath, which every runner of such machines knows', () => {
    expect(JSON.stringify([definition, child])).not.toMatch(/JSONata|\{%/);
  });

  test('hands Initialize the input and the execution', () => {
    expect(payloadOf(definition.States.Initialize!)).toEqual({
      'input.$': '$',
      'executionArn.$': '$$.Execution.Id',
      'startTime.$': '$$.Execution.StartTime',
      'destination': { bucket: expect.any(String) as string, key: 'orders/{date}/{importId}.jsonl', manifestKey: 'orders/{date}/_{importId}.jsonl.manifest.json' },
      'output': DEFAULT_OUTPUT,
    });
  });

  test('hands Fetch the state and the number of the retry, in both machines', () => {
    expect(payloadOf(definition.States.Fetch!)).toEqual({
      'state.$': '$', 'retryCount.$': '$$.State.RetryCount', 'redriveCount.$': '$$.Execution.RedriveCount',
    });
    expect(child.States.Fetch).toEqual(definition.States.Fetch);
  });

  test('hands CleanUp the state as it is', () => {
    expect(definition.States.CleanUp!.Parameters).toMatchObject({ 'Payload.$': '$' });
  });

  test('hands Persist the import, and the destination from the definition, as Initialize has it', () => {
    const { destination, output } = payloadOf(definition.States.Initialize!);
    expect(destination.key).toBe('orders/{date}/{importId}.jsonl');
    expect(payloadOf(definition.States.Persist!)).toEqual({ 'importId.$': '$.importId', destination, output });
  });

  test.each(STEPS)('invokes the function of %s, keeps nothing but the answer, and gives up in the end', (name) => {
    const fn = logicalIdOf(functionOf(synthesized.orders.paginatedImport, name));
    expect(definition.States[name]).toMatchObject({
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: expect.stringMatching(new RegExp(`:${fn}$`)) },
      OutputPath: '$.Payload',
      TimeoutSeconds: 900 + 60,
    });
  });

  test('chooses after each round: child, wait, next round, or publish', () => {
    const more = { Variable: '$.continue', BooleanEquals: true };
    expect(definition.States.PersistOrContinue).toEqual({
      Type: 'Choice',
      Choices: [
        { And: [more, { Variable: '$.round', NumericGreaterThanEquals: 2000 }], Next: 'ContinueInChild' },
        { And: [more, { Variable: '$.waitSeconds', NumericGreaterThan: 0 }], Next: 'Wait' },
        { ...more, Next: 'Fetch' },
      ],
      Default: 'Persist',
    });
    expect(definition.States.Wait).toEqual({ Type: 'Wait', SecondsPath: '$.waitSeconds', Next: 'Fetch' });
    expect([definition.States.Initialize!.Next, definition.States.Fetch!.Next]).toEqual(['Fetch', 'PersistOrContinue']);
  });

  test('lets a child that has had its rounds end, as one whose source has ended', () => {
    const [roundsAreUp] = child.States.PersistOrContinue!.Choices;
    expect(roundsAreUp).toMatchObject({ Next: 'Done' });
    expect(child.States.PersistOrContinue!.Default).toBe('Done');
    expect(child.States.Done).toEqual({ Type: 'Succeed' });
  });

  test('publishes until there is nothing left to do', () => {
    expect(definition.States.Persist!.Next).toBe('PersistOrCleanUp');
    expect(definition.States.PersistOrCleanUp).toEqual({
      Type: 'Choice', Choices: [{ Variable: '$.continue', BooleanEquals: true, Next: 'Persist' }], Default: 'CleanUp',
    });
    expect(definition.States.CleanUp!.End).toBe(true);
  });

  test('goes on in a child with the whole state and a count of its own, and takes it back with its own rounds still used up', () => {
    const { Parameters, ResultSelector, ...state } = definition.States.ContinueInChild!;
    const machine = logicalIdOf(synthesized.orders.paginatedImport.continuationStateMachine);
    const handedOn = ['importId', 'continue', 'waitSeconds', 'waitedSeconds', 'failedAttempts', 'redriveCount', 'chunks', 'pages', 'records'];
    const from = (path: string): object => Object.fromEntries(handedOn.map((field) => [`${field}.$`, `${path}.${field}`]));
    expect(state).toMatchObject({ Type: 'Task', Resource: 'arn:aws:states:::states:startExecution.sync:2', Next: 'PersistOrContinue' });
    expect(Parameters.StateMachineArn).toMatch(new RegExp(`:${machine}$`));
    expect(Parameters.Input).toEqual({
      ...from('$'), 'round': 0, 'parentRedriveCount.$': '$$.Execution.RedriveCount', 'AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$': '$$.Execution.Id',
    });
    expect(ResultSelector).toEqual({ ...from('$.Output'), round: 2000, parentRedriveCount: 0 });
  });

  describe('with states before Persist', () => {
    const built = (): ImportStack => importStack((stack) => ({
      beforePersist: new sfn.Pass(stack, 'Check').next(new sfn.Pass(stack, 'Report')),
    }));

    test('runs them as one whose result is dropped, after the summary that they are given', () => {
      const { template, orders } = built();
      const { States: states } = definitionOf(template, orders.stateMachine);
      expect(states.PersistOrContinue!.Default).toBe('BeforePersist');
      expect(states.BeforePersist).toMatchObject({ Type: 'Parallel', Next: 'Persist', ResultPath: null });
      expect(states.BeforePersist!.Branches).toEqual([{
        StartAt: 'Summarize',
        States: {
          Summarize: expect.objectContaining({ Type: 'Task', Next: 'Check' }),
          Check: { Type: 'Pass', Next: 'Report' },
          Report: { Type: 'Pass', End: true },
        },
      }]);
    });

    test('summarizes by a function of its own, as the other steps are done', () => {
      const { template, orders } = built();
      const { States: states } = definitionOf(template, orders.stateMachine);
      const fn = logicalIdOf(functionOf(orders.paginatedImport, 'Summarize'));
      expect(states.BeforePersist!.Branches[0].States.Summarize).toMatchObject({
        Resource: 'arn:aws:states:::lambda:invoke',
        Parameters: { FunctionName: expect.stringMatching(new RegExp(`:${fn}$`)), Payload: payloadOf(states.Persist!) },
        OutputPath: '$.Payload',
        TimeoutSeconds: 900 + 60,
        Retry: definition.States.Persist!.Retry,
      });
    });
  });
});

describe('retries', () => {
  const PASSING = ['Lambda.TooManyRequestsException', 'Lambda.ServiceException', 'Lambda.AWSLambdaException', 'Lambda.SdkClientException',
    'Lambda.ClientExecutionTimeoutException', 'StoreUnavailableError'];
  // A function that nobody has called for weeks, as in a monthly import.
  const ASLEEP = ['Lambda.CodeArtifactUserPendingException', 'Lambda.ResourceNotReadyException', 'Lambda.ENINotReadyException'];
  const LOST = ['Sandbox.Timedout', 'Lambda.Unknown', 'Runtime.ExitError', 'Runtime.OutOfMemory', 'Runtime.UnhandledPromiseRejection', 'Runtime.Unknown',
    'States.Timeout'];
  const backoff = { IntervalSeconds: 2, BackoffRate: 2, MaxDelaySeconds: 300, JitterStrategy: 'FULL' };

  test.each(STEPS)('of %s sit out failures of AWS, and repeat a lost invocation less often', (name) => {
    const [passing, lost, ...others] = definition.States[name]!.Retry;
    expect(passing).toMatchObject({ ErrorEquals: expect.arrayContaining([...PASSING, ...ASLEEP]), MaxAttempts: 10, ...backoff });
    expect(lost).toMatchObject({ ErrorEquals: expect.arrayContaining(LOST), MaxAttempts: 3, ...backoff });
    const inNewProcess = { ErrorEquals: ['HandlerCrashError', 'SourceLoadError'], MaxAttempts: 2, ...backoff };
    expect(others).toEqual(name === 'Fetch' ? [inNewProcess] : []);
  });

  test('add up to what their documentation says', () => {
    const bounds = Array.from({ length: 10 }, (_, retry) => Math.min(2 * 2 ** retry, 300));
    expect(bounds.slice(0, 2).reduce((sum, bound) => sum + bound)).toBe(6);
    expect(bounds.slice(0, 3).reduce((sum, bound) => sum + bound)).toBe(14);
    expect(bounds.reduce((sum, bound) => sum + bound) / 60).toBe(18.5);
  });

  test('are the same for every step, but for the handler\'s process, and leave out what no waiting cures', () => {
    const shared = STEPS.map((name) => definition.States[name]!.Retry.slice(0, 2) as Properties[]);
    const retriers = shared.map((retries) => retries.flatMap(({ ErrorEquals }) => ErrorEquals as string[]));
    expect(retriers[0]!.length).toBeGreaterThan(0);
    for (const names of retriers) {
      expect(names).toEqual(retriers[0]);
      expect(names.filter((name) => LASTING_LAMBDA_ERRORS.includes(name))).toEqual([]);
    }
  });

  test('never include an error that a retry cannot cure', () => {
    const retriers: Properties[] = Object.values(definition.States).flatMap(({ Retry = [] }) => Retry);
    const retried = new Set(retriers.flatMap(({ ErrorEquals }) => ErrorEquals));
    const classes = Object.values(errors) as { readonly NAME?: string }[];
    const own = classes.flatMap(({ NAME }) => NAME ?? []).filter((name) => retried.has(name));
    expect(own.sort()).toEqual(['HandlerCrashError', 'SourceLoadError', 'StoreUnavailableError']);
    expect(retried.has('States.ALL') || retried.has('States.TaskFailed')).toBe(false);
  });

  test('of starting a child do not start it again after it has failed', () => {
    const [start, ...others] = definition.States.ContinueInChild!.Retry;
    expect(start).toMatchObject({ MaxAttempts: 10, ...backoff });
    expect(start.ErrorEquals.length).toBeGreaterThan(0);
    expect(start.ErrorEquals.filter((name: string) => !name.startsWith('StepFunctions.'))).toEqual([]);
    expect(others).toEqual([]);
  });
});

describe('both machines', () => {
  test.each([
    ['the import', () => synthesized.orders.stateMachine],
    ['its continuation', () => synthesized.orders.paginatedImport.continuationStateMachine],
  ])('are standard, traced and logged without data: %s', (_name, machine) => {
    expect(propertiesOf(synthesized.template, machine())).toMatchObject({
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false, Destinations: [expect.anything()] },
    });
    expect(propertiesOf(synthesized.template, machine()).StateMachineType ?? 'STANDARD').toBe('STANDARD');
  });

  test('have one log group, below the name that needs no entry in the account\'s policy', () => {
    const groups = Object.values(synthesized.template.findResources('AWS::Logs::LogGroup'))
      .map(({ Properties: { LogGroupName } }) => LogGroupName).filter((name) => name !== undefined);
    expect(groups).toHaveLength(1);
    groups.forEach((name) => expect(name).toMatch(/^\/aws\/vendedlogs\/states\/Stack\w*Orders\w*$/));
  });

  test('end after the timeout', () => {
    const { template, orders } = importStack(() => ({ timeout: Duration.hours(3) }));
    expect(definitionOf(template, orders.stateMachine).TimeoutSeconds).toBe(3 * 3600);
    expect(definitionOf(template, orders.paginatedImport.continuationStateMachine).TimeoutSeconds).toBe(3 * 3600);
    expect([definition.TimeoutSeconds, child.TimeoutSeconds]).toEqual([7 * 24 * 3600, 7 * 24 * 3600]);
  });

  test('change over to the child at the limit that was asked for', () => {
    const { template, orders } = importStack(() => ({ roundsPerExecution: 3 }));
    const { stateMachine, paginatedImport } = orders;
    const machines = [stateMachine, paginatedImport.continuationStateMachine].map((machine) => definitionOf(template, machine));
    machines.forEach(({ States: states }) => expect(states.PersistOrContinue!.Choices[0].And[1].NumericGreaterThanEquals).toBe(3));
    expect(machines[0]!.States.ContinueInChild!.ResultSelector.round).toBe(3);
  });
});

test('an import changes over to the child sooner in a larger machine, whose history it shares', () => {
  const limitOf = (machine: sfn.StateMachine, template: Template): unknown =>
    definitionOf(template, machine).States.PersistOrContinue!.Choices[0].And[1].NumericGreaterThanEquals;
  const { template, orders } = importStack();
  const stack = new TestStack();
  const fragment = new PaginatedImport(stack, 'Part', stack.props());
  const foreign = new sfn.StateMachine(stack, 'Foreign', { definitionBody: sfn.DefinitionBody.fromChainable(fragment) });

  expect(limitOf(orders.stateMachine, template)).toBe(ROUNDS_PER_EXECUTION);
  expect(limitOf(foreign, Template.fromStack(stack))).toBe(ROUNDS_PER_EMBEDDED_EXECUTION);
});

describe('the schedule', () => {
  const scheduled = (): Template => {
    const stack = new TestStack();
    new PaginatedImportStateMachine(stack, 'Orders', {
      ...stack.props(), schedule: events.Schedule.rate(Duration.days(1)), stateMachineName: 'orders-import',
    });
    return Template.fromStack(stack);
  };

  test('starts the machine with an empty input of its own, not with the event', () => {
    scheduled().hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 day)', State: 'ENABLED', Targets: [Match.objectLike({ Input: '{}' })],
    });
  });

  test('comes with the machine\'s name, where one is given', () => {
    scheduled().hasResourceProperties('AWS::StepFunctions::StateMachine', { StateMachineName: 'orders-import' });
  });

  test('is not there unless it is asked for', () => {
    synthesized.template.resourceCountIs('AWS::Events::Rule', 0);
  });
});

test('the machine hands on what users grant permissions to', () => {
  const { orders } = synthesized;
  expect(orders.fetchFunction).toBe(functionOf(orders.paginatedImport, 'Fetch'));
  expect(orders.cacheBucket).toBe(orders.paginatedImport.cacheBucket);
  expect(orders.paginatedImport.startState.stateId).toBe('Initialize');
});

function payloadOf(state: Properties): Properties {
  return state.Parameters.Payload;
}
