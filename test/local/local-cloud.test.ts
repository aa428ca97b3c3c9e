import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretValue, Stack } from 'aws-cdk-lib';
import { Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, IntegrationPattern, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke, StepFunctionsStartExecution } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { FunctionLogLine } from '../../src/local/lambda/invocation';
import { LocalCloud, LocalCloudOptions } from '../../src/local/local-cloud';
import { inlineFunction, removeAssemblies, synthesize } from './assembly/assembly.fixture';

removeAssemblies();

/** Puts an object into a bucket without an SDK. */
const PUT = `exports.handler = async ({ text }) => {
  const url = process.env.AWS_ENDPOINT_URL_S3 + '/' + process.env.BUCKET + '/out.txt';
  const { status } = await fetch(url, { method: 'PUT', body: text });
  console.log('put ' + status);
  return { status };
};`;

/** Invokes the function before it by the Lambda API. */
const FORWARD = `exports.handler = async (event) => {
  const url = process.env.AWS_ENDPOINT_URL_LAMBDA + '/2015-03-31/functions/' + encodeURIComponent(process.env.TARGET) + '/invocations';
  return (await fetch(url, { method: 'POST', body: JSON.stringify(event) })).json();
};`;

/** Parent -> Child -> Forward -> Put -> a bucket. */
function build(scope: Construct): void {
  const bucket = new Bucket(scope, 'Out');
  const put = inlineFunction(scope, 'Put', { code: Code.fromInline(PUT), environment: { BUCKET: bucket.bucketName } });
  const forward = inlineFunction(scope, 'Forward', { code: Code.fromInline(FORWARD), environment: { TARGET: put.functionArn } });
  const child = new StateMachine(scope, 'Child', {
    definitionBody: DefinitionBody.fromChainable(new LambdaInvoke(scope, 'Invoke', { lambdaFunction: forward, payloadResponseOnly: true })),
  });
  const start = new StepFunctionsStartExecution(scope, 'Start', { stateMachine: child, integrationPattern: IntegrationPattern.RUN_JOB });
  new StateMachine(scope, 'Parent', { definitionBody: DefinitionBody.fromChainable(start) });
}

async function startCloud(
  options: Omit<LocalCloudOptions, 'assembly'> = {}, buildStack: (stack: Stack) => void = build,
): Promise<LocalCloud> {
  const assembly = synthesize((app) => buildStack(new Stack(app, 'Imports')));
  return LocalCloud.start({ assembly, timeScale: 0, ...options });
}

test('machines, functions and buckets find each other', async () => {
  const lines: FunctionLogLine[] = [];
  await using cloud = await startCloud({ onLine: (line) => lines.push(line) });
  const result = await cloud.startExecution(undefined, { text: 'hello' }).result();
  expect(result).toMatchObject({ status: 'SUCCEEDED', output: { Output: { status: 200 } } });
  expect(cloud.s3.read(cloud.bucketName('Imports/Out'), 'out.txt').toString()).toBe('hello');
  expect(lines).toContainEqual({ functionName: expect.stringContaining('Put'), stream: 'stdout', text: 'put 200' });
});

test('a construct means the machine in it that no other machine starts', async () => {
  const inScope = (stack: Stack): void => build(new Construct(stack, 'Orders'));
  await using cloud = await startCloud({}, inScope);
  const byConstruct = await cloud.startExecution('Imports/Orders', { text: 'hello' }).result();
  expect(byConstruct).toMatchObject({ status: 'SUCCEEDED', output: { Output: { status: 200 } } });
  expect((await cloud.startExecution('Orders/Child', { text: 'hello' }).result()).output).toEqual({ status: 200 });
  expect(() => cloud.startExecution('Orders/Nothing')).toThrow(/State machine Orders\/Nothing: no match.*Imports\/Orders\/Parent/);
});

test('a construct with several machines means none of them', async () => {
  await using cloud = await startCloud({}, (stack) => ['One', 'Other'].forEach((id) => build(new Construct(stack, id))));
  expect(() => cloud.startExecution('Imports')).toThrow(/State machine Imports: .*Imports\/One\/Parent.*Imports\/Other\/Parent/);
});

test('a function is replaced, or gets other variables, or other code', async () => {
  const codeDirectory = await mkdtemp(join(tmpdir(), 'code-'));
  await writeFile(join(codeDirectory, 'index.mjs'), 'export const handler = async (event) => ({ event, own: process.env.OWN });');
  {
    await using cloud = await startCloud({ overrides: { Put: { codeDirectory, environment: { OWN: 'mine' } } } });
    expect((await cloud.startExecution('Child', { a: 1 }).result()).output).toEqual({ event: { a: 1 }, own: 'mine' });
  }
  {
    await using cloud = await startCloud({ functions: { 'Imports/Put': (payload) => ({ stood: payload }) } });
    expect((await cloud.startExecution('Imports/Child', { a: 1 }).result()).output).toEqual({ stood: { a: 1 } });
  }
  await rm(codeDirectory, { recursive: true });
});

/** A machine in a construct, whose output is the environment of its function. */
function buildEnvironment(scope: Construct): void {
  const orders = new Construct(scope, 'Orders');
  const code = Code.fromInline('exports.handler = async () => process.env;');
  const environment = { API_URL: 'https://api.example.com', TABLE: 'orders', TOKEN: SecretValue.secretsManager('token').unsafeUnwrap() };
  const lambdaFunction = inlineFunction(orders, 'Fetch', { code, environment });
  const invoke = new LambdaInvoke(orders, 'Invoke', { lambdaFunction, payloadResponseOnly: true });
  new StateMachine(orders, 'Machine', { definitionBody: DefinitionBody.fromChainable(invoke) });
}

test('environment variables are given to the functions in a construct, by the path that it is started by', async () => {
  const environment = { 'Imports/Orders': { API_URL: 'http://127.0.0.1:1', TOKEN: 'test' } };
  await using cloud = await startCloud({ environment }, buildEnvironment);
  const { output } = await cloud.startExecution('Imports/Orders').result();
  expect(output).toMatchObject({ API_URL: 'http://127.0.0.1:1', TOKEN: 'test', TABLE: 'orders' });
});

test('environment variables of an inner construct win over those around it, and those of a function over all', async () => {
  const options = {
    environment: { 'Imports/Orders/Fetch': { B: 'function', C: 'function' }, 'Imports': { A: 'stack', B: 'stack', C: 'stack', TOKEN: '' } },
    overrides: { 'Imports/Orders/Fetch': { environment: { C: 'override' } } },
  };
  await using cloud = await startCloud(options, buildEnvironment);
  expect((await cloud.startExecution('Orders').result()).output).toMatchObject({ A: 'stack', B: 'function', C: 'override', TABLE: 'orders' });
});

test('a variable that only a deployment resolves is named, with what to write', async () => {
  await using cloud = await startCloud({}, buildEnvironment);
  await expect(cloud.startExecution('Orders').result())
    .rejects.toThrow(/variable TOKEN of function Imports\/Orders\/Fetch .* Pass one: environment: \{ 'Imports\/Orders\/Fetch': \{ TOKEN: '\.\.\.' \} \}/);
});

test.each<[string, Omit<LocalCloudOptions, 'assembly'>, RegExp]>([
  ['a name that means nothing', { environment: { Nobody: {} } }, /environment\['Nobody'\]: it contains no function.*Imports\/Forward/],
  ['what is no text', { environment: { Imports: { TOKEN: process.env.SURELY_NOT_SET! } } }, /environment\['Imports'\]\.TOKEN is undefined, and environment variables are text/],
  ['what is no text, for one function', { overrides: { Put: { environment: { N: 1 as unknown as string } } } }, /overrides\['Put'\]\.environment\.N is 1/],
])('environment variables are refused: %s', async (_, options, message) => {
  await expect(startCloud(options)).rejects.toThrow(message);
});

test('environment variables of several constructs at once are refused', async () => {
  const twice = (stack: Stack): void => ['A', 'B'].forEach((id) => buildEnvironment(new Construct(stack, id)));
  await expect(startCloud({ environment: { Orders: {} } }, twice)).rejects.toThrow(/it matches several constructs: Imports\/A\/Orders, Imports\/B\/Orders/);
});

test.each([[0], [false], [''], [null]])('an execution may have the input %j', async (input) => {
  await using cloud = await startCloud({ functions: { Forward: (payload) => ({ payload }) } });
  expect((await cloud.startExecution('Child', input).result()).output).toEqual({ payload: input });
});

test.each([
  [{ functions: { Nobody: () => 1 } }],
  [{ overrides: { Nobody: {} } }],
])('a name that means no function is refused', async (options) => {
  await expect(startCloud(options)).rejects.toThrow(/Function Nobody: no match.*Imports\/Forward/);
});

test('a function that cannot run here is a failure to run, which no Retry hides', async () => {
  const python = (stack: Stack): void => {
    const lambdaFunction = inlineFunction(stack, 'Fetch', { runtime: Runtime.PYTHON_3_13 });
    new StateMachine(stack, 'Machine', { definitionBody: DefinitionBody.fromChainable(new LambdaInvoke(stack, 'Invoke', { lambdaFunction })) });
  };
  await using cloud = await startCloud({}, python);
  await expect(cloud.startExecution('Machine').result()).rejects.toThrow(/Imports\/Fetch .* is of runtime python3.13; only Node.js runs here/);
});

test('after its end nothing answers any more', async () => {
  const cloud = await startCloud();
  const { endpoint } = cloud.s3;
  await cloud.stop();
  await expect(fetch(endpoint)).rejects.toThrow();
});
