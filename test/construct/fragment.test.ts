import { Template } from 'aws-cdk-lib/assertions';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { PaginatedImport, PaginatedImportStateMachine } from '../../src';
import { EnvironmentVariable } from '../../src/protocol/environment';
import { StateName } from '../../src/protocol/state-names';
import { Definition, definitionOf, functionOf, Properties, propertiesOf, TestStack } from './kit';

/** A foreign machine around fragments. */
function synthesize(build: (stack: TestStack) => sfn.IChainable): Definition {
  const stack = new TestStack();
  const machine = new sfn.StateMachine(stack, 'Foreign', { definitionBody: sfn.DefinitionBody.fromChainable(build(stack)) });
  return definitionOf(Template.fromStack(stack), machine);
}

const { DONE, BEFORE_PERSIST, SUMMARIZE, ...OWN } = StateName;
const OWN_STATES = Object.values(OWN).sort();

test('a fragment is chained like a state, with the user\'s own states before and after it', () => {
  const { StartAt, States: states } = synthesize((stack) => new sfn.Pass(stack, 'Before')
    .next(new PaginatedImport(stack, 'Orders', stack.props()))
    .next(new sfn.Succeed(stack, 'After')));
  expect(StartAt).toBe('Before');
  expect(states.Before!.Next).toBe('Initialize');
  expect(states.CleanUp!.Next).toBe('After');
  expect(Object.keys(states).sort()).toEqual([...OWN_STATES, 'Before', 'After'].sort());
});

test('two fragments in one machine need prefixes, as all fragments do', () => {
  expect(() => synthesize((stack) => new PaginatedImport(stack, 'Orders', stack.props()).next(new PaginatedImport(stack, 'Items', stack.props()))))
    .toThrow(/Initialize/);
});

test('prefixes keep two fragments apart, and leave their continuations as they are', () => {
  const stack = new TestStack();
  const [orders, items] = ['Orders', 'Items'].map((id) => new PaginatedImport(stack, id, stack.props()));
  const machine = new sfn.StateMachine(stack, 'Foreign', {
    definitionBody: sfn.DefinitionBody.fromChainable(orders!.prefixStates().next(items!.prefixStates('Items/'))),
  });
  const template = Template.fromStack(stack);
  const { StartAt, States: states } = definitionOf(template, machine);
  expect(StartAt).toBe('Orders: Initialize');
  expect(Object.keys(states).sort()).toEqual([...OWN_STATES.map((name) => `Orders: ${name}`), ...OWN_STATES.map((name) => `Items/${name}`)].sort());
  expect(states['Orders: CleanUp']!.Next).toBe('Items/Initialize');
  expect(states['Items/PersistOrContinue']!.Choices.map(({ Next }: Properties) => Next)).toEqual(['Items/ContinueInChild', 'Items/Wait', 'Items/Fetch']);
  expect(definitionOf(template, items!.continuationStateMachine).StartAt).toBe('PersistOrContinue');
});

test('each fragment has functions, a cache and a continuation of its own', () => {
  const stack = new TestStack();
  const fragments = ['Orders', 'Items'].map((id) => new PaginatedImport(stack, id, stack.props()).prefixStates());
  new sfn.StateMachine(stack, 'Foreign', { definitionBody: sfn.DefinitionBody.fromChainable(sfn.Chain.sequence(fragments[0]!, fragments[1]!)) });
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::Lambda::Function', 8);
  template.resourceCountIs('AWS::S3::Bucket', 1 + 2);
  template.resourceCountIs('AWS::StepFunctions::StateMachine', 1 + 2);
});

test('an import knows whether it is part of a larger machine', () => {
  const stack = new TestStack();
  const whole = new PaginatedImportStateMachine(stack, 'Whole', stack.props());
  const imports = [new PaginatedImport(stack, 'Part', stack.props()), new PaginatedImport(whole, 'Below', stack.props()), whole.paginatedImport];
  const template = Template.fromStack(stack);
  const said = imports.map((each) => propertiesOf(template, functionOf(each, 'Initialize')).Environment.Variables[EnvironmentVariable.EMBEDDED]);
  expect(said).toEqual(['true', 'true', 'false']);
});

test('an import below a state machine of ours is named by its own path', () => {
  const stack = new TestStack();
  const whole = new PaginatedImportStateMachine(stack, 'Whole', stack.props());
  expect(() => new PaginatedImport(whole, 'Below', stack.props({ pageSize: 0 }))).toThrow(/^PaginatedImport \(Stack\/Whole\/Below\): pageSize/);
});

test('toSingleState makes a fragment one state, to retry or to catch', () => {
  const { States: states } = synthesize((stack) => new PaginatedImport(stack, 'Orders', stack.props())
    .toSingleState({ outputPath: '$[0]' })
    .addCatch(new sfn.Fail(stack, 'ImportFailed')));
  expect(Object.keys(states).sort()).toEqual(['ImportFailed', 'Orders']);
  const [branch] = states.Orders!.Branches;
  expect(states.Orders).toMatchObject({ Type: 'Parallel', OutputPath: '$[0]', Catch: [{ Next: 'ImportFailed' }] });
  expect(branch.StartAt).toBe('Orders: Initialize');
  expect(Object.keys(branch.States).sort()).toEqual(OWN_STATES.map((name) => `Orders: ${name}`).sort());
});

test('inside a Map each item is an import of its own', () => {
  const { States: states } = synthesize((stack) => new sfn.Map(stack, 'Tenants', { itemsPath: '$.tenants', maxConcurrency: 2 })
    .itemProcessor(new PaginatedImport(stack, 'Invoices', stack.props())));
  expect(states.Tenants!.ItemProcessor.StartAt).toBe('Initialize');
  expect(Object.keys(states.Tenants!.ItemProcessor.States).sort()).toEqual(OWN_STATES);
  expect(states.Tenants!.ItemProcessor.States.CleanUp.End).toBe(true);
});

test('inside a Parallel two imports run beside each other', () => {
  const { States: states } = synthesize((stack) => new sfn.Parallel(stack, 'Both')
    .branch(new PaginatedImport(stack, 'Orders', stack.props()).prefixStates())
    .branch(new PaginatedImport(stack, 'Items', stack.props()).prefixStates()));
  expect(states.Both!.Branches.map(({ StartAt }: Properties) => StartAt)).toEqual(['Orders: Initialize', 'Items: Initialize']);
});

test('BeforePersist and Summarize get the prefix, and the user\'s own states keep their names', () => {
  const { States: states } = synthesize((stack) => {
    const orders = new PaginatedImport(stack, 'Orders', stack.props({ beforePersist: new sfn.Pass(stack, 'CheckOrders') }));
    return orders.prefixStates();
  });
  expect(states['Orders: PersistOrContinue']!.Default).toBe('Orders: BeforePersist');
  expect(states['Orders: BeforePersist']!.Branches[0]).toMatchObject({
    StartAt: 'Orders: Summarize', States: { 'Orders: Summarize': { Next: 'CheckOrders' }, 'CheckOrders': { End: true } },
  });
});
