import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnMapping, CfnParameter, CfnResource, Duration, Fn, NestedStack, SecretValue, Stack, Stage } from 'aws-cdk-lib';
import { IRepository, Repository } from 'aws-cdk-lib/aws-ecr';
import { Alias, Code, DockerImageCode, DockerImageFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Choice, Condition, DefinitionBody, IntegrationPattern, Pass, StateMachine, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke, StepFunctionsStartExecution } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Assembly, findResource } from '../../../src/local/assembly/assembly';
import { bucketsOf } from '../../../src/local/assembly/buckets';
import { AssemblyFunction, functionsOf } from '../../../src/local/assembly/functions';
import { stateMachinesOf } from '../../../src/local/assembly/state-machines';
import { assemblyOf, inlineFunction, removeAssemblies, synthesize, temporaryFolder } from './assembly.fixture';

removeAssemblies();

function theFunction(assembly: Assembly, address?: string): AssemblyFunction {
  return findResource(functionsOf(assembly), address, 'Function');
}

/** What the environment variable VALUE of the one function comes to. */
function valueOf(build: (stack: Stack) => string): string | undefined {
  const assembly = assemblyOf((stack) => void inlineFunction(stack, 'Fetch', { environment: { VALUE: build(stack) } }));
  return theFunction(assembly).definition().environment.VALUE;
}

describe('a function', () => {
  test('is read with its configuration and the folder of its code', () => {
    const folder = join(__dirname, '..', '..', '..', 'src', 'protocol');
    const assembly = assemblyOf((stack) => void inlineFunction(stack, 'Fetch', {
      code: Code.fromAsset(folder), handler: 'src/fetch.handler', memorySize: 512, timeout: Duration.minutes(15), environment: { TABLE: 'orders' },
    }));
    const { name, arn, resource, definition } = theFunction(assembly);
    expect({ name, path: resource.path }).toEqual({ name: expect.stringMatching(/^Imports-Fetch[0-9A-F]{8}$/), path: 'Imports/Fetch' });
    expect(arn).toBe(`arn:aws:lambda:us-east-1:123456789012:function:${name}`);
    expect(definition()).toEqual({
      name,
      arn,
      region: 'us-east-1',
      runtime: 'nodejs24.x',
      handler: 'src/fetch.handler',
      timeoutSeconds: 900,
      memoryMegabytes: 512,
      environment: { TABLE: 'orders' },
      code: { directory: expect.any(String) },
    });
    expect(readdirSync((definition().code as { directory: string }).directory).sort()).toEqual(readdirSync(folder).sort());
  });

  test('has the defaults of Lambda, and may stand in the template', () => {
    const assembly = assemblyOf((stack) => void inlineFunction(stack, 'Fetch'));
    expect(theFunction(assembly).definition()).toMatchObject({
      timeoutSeconds: 3, memoryMegabytes: 128, code: { inline: 'exports.handler = async (event) => event' },
    });
  });

  test('takes other variables and other code', () => {
    const assembly = assemblyOf((stack) => void inlineFunction(stack, 'Fetch', { environment: { TABLE: 'a', TOPIC: 'b' } }));
    expect(theFunction(assembly).definition({ environment: { TOPIC: 'x', CLIENT: 'c' }, codeDirectory: '/code' })).toMatchObject({
      environment: { TABLE: 'a', TOPIC: 'x', CLIENT: 'c' }, code: { directory: '/code' },
    });
  });

  test.each<[string, (stack: Stack) => void, RegExp]>([
    ['that is no Node.js', (stack) => void inlineFunction(stack, 'Fetch', { runtime: Runtime.PYTHON_3_13 }), /python3.13; only Node.js.*to replace it/],
    ['in a container', (stack) => void new DockerImageFunction(stack, 'Fetch', { code: DockerImageCode.fromEcr(repository(stack)) }),
      /is a container image; only Node.js/],
    ['in an archive', (stack) => void inlineFunction(stack, 'Fetch', { code: Code.fromAsset(archive()) }), /is the archive .*zip, which cannot run here/],
  ])('%s is refused only when it is to run', (_, build, message) => {
    const lambdaFunction = theFunction(assemblyOf(build));
    expect(lambdaFunction.name).toContain('Fetch');
    expect(() => lambdaFunction.definition()).toThrow(message);
  });
});

describe('values', () => {
  test.each<[string, (stack: Stack) => string, string]>([
    ['Ref of a pseudo parameter', (stack) => `${stack.partition} ${stack.region} ${stack.account} ${stack.urlSuffix}`, 'aws us-east-1 123456789012 amazonaws.com'],
    ['Ref of a parameter', (stack) => new CfnParameter(stack, 'P', { default: 'default' }).valueAsString, 'default'],
    ['Ref of a bucket', (stack) => new Bucket(stack, 'B', { bucketName: 'mine' }).bucketName, 'mine'],
    ['GetAtt of a bucket', (stack) => new Bucket(stack, 'B', { bucketName: 'mine' }).arnForObjects('x/*'), 'arn:aws:s3:::mine/x/*'],
    ['a domain name', (stack) => new Bucket(stack, 'B', { bucketName: 'mine' }).bucketRegionalDomainName, 'mine.s3.us-east-1.amazonaws.com'],
    ['Select and Split', () => Fn.select(1, Fn.split('/', Fn.sub('a/${AWS::Region}/c'))), 'us-east-1'],
    ['Sub with variables', () => Fn.sub('${X}-${!Y}-${AWS::StackName}', { X: Fn.ref('AWS::Region') }), 'us-east-1-${Y}-Imports'],
    ['Join of a list', () => Fn.join('+', ['a', Fn.ref('AWS::Region')]), 'a+us-east-1'],
    ['Base64', () => Fn.base64(Fn.ref('AWS::Region')), 'dXMtZWFzdC0x'],
    ['FindInMap', (stack) => new CfnMapping(stack, 'M', { mapping: { 'us-east-1': { name: 'east' } } }).findInMap(Fn.ref('AWS::Region'), 'name'), 'east'],
    ['an alias', (stack) => new Alias(stack, 'A', { aliasName: 'live', version: inlineFunction(stack, 'F2', { functionName: 'two' }).currentVersion }).functionArn,
      'arn:aws:lambda:us-east-1:123456789012:function:two:live'],
  ])('%s', (_, build, expected) => {
    const assembly = assemblyOf((stack) => void inlineFunction(stack, 'Fetch', { environment: { VALUE: build(stack) } }));
    expect(theFunction(assembly, 'Imports/Fetch').definition().environment.VALUE).toBe(expected);
  });

  test.each<[string, (stack: Stack) => string, RegExp]>([
    ['a function that is not known', () => Fn.select(0, Fn.getAzs()), /Fn::GetAZs in stack Imports is not supported/],
    ['an attribute that is not known', (stack) => new CfnResource(stack, 'Db', { type: 'AWS::RDS::DBInstance' }).getAtt('Endpoint.Address').toString(),
      /Fn::GetAtt Db.Endpoint.Address \(AWS::RDS::DBInstance/],
    ['a dynamic reference', () => SecretValue.secretsManager('secret').unsafeUnwrap(), /dynamic reference/],
    ['a parameter without a default', (stack) => new CfnParameter(stack, 'P').valueAsString, /Parameter P of stack Imports has no value/],
  ])('of %s are refused, unless the caller gives one', (_, build, message) => {
    expect(() => valueOf(build)).toThrow(message);
    expect(() => valueOf(build)).toThrow(/Environment variable VALUE of function Imports\/Fetch \(Fetch\w+ in stack Imports\).*Pass one/);
    const assembly = assemblyOf((stack) => void inlineFunction(stack, 'Fetch', { environment: { VALUE: build(stack) } }));
    expect(theFunction(assembly).definition({ environment: { VALUE: 'given' } }).environment.VALUE).toBe('given');
  });
});

test('a state machine is read with the names of this assembly, and with its children', () => {
  const assembly = assemblyOf((stack) => {
    const fetch = new LambdaInvoke(stack, 'FetchPage', { lambdaFunction: inlineFunction(stack, 'Fetch', { functionName: 'fetch' }), outputPath: '$.Payload' });
    const child = new StateMachine(stack, 'Child', { definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'P')), stateMachineName: 'child' });
    const start = new StepFunctionsStartExecution(stack, 'Start', { stateMachine: child, integrationPattern: IntegrationPattern.RUN_JOB });
    const more = new Choice(stack, 'More').when(Condition.booleanEquals('$.continue', true), fetch).otherwise(start.next(new Succeed(stack, 'End')));
    new StateMachine(stack, 'Orders', { definitionBody: DefinitionBody.fromChainable(fetch.next(more)), timeout: Duration.days(3) });
  });
  const machine = findResource(stateMachinesOf(assembly), 'Orders', 'State machine');
  expect(machine.arn).toMatch(/^arn:aws:states:us-east-1:123456789012:stateMachine:Imports-Orders\w{8}$/);
  expect(machine.definition()).toMatchObject({
    StartAt: 'FetchPage',
    TimeoutSeconds: 259_200,
    States: {
      FetchPage: { Parameters: { FunctionName: 'arn:aws:lambda:us-east-1:123456789012:function:fetch' } },
      Start: { Parameters: { StateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:child' } },
    },
  });
});

test('definition substitutions are put in, and other placeholders stay', () => {
  const assembly = assemblyOf((stack) => {
    const definition = JSON.stringify({ StartAt: 'P', States: { P: { Type: 'Pass', Result: ['${Name}', '${Other}'], End: true } } });
    new StateMachine(stack, 'Orders', { definitionBody: DefinitionBody.fromString(definition), definitionSubstitutions: { Name: stack.region } });
  });
  expect(findResource(stateMachinesOf(assembly), undefined, 'State machine').definition().States.P!.Result).toEqual(['us-east-1', '${Other}']);
});

test('names of buckets are those that S3 takes', () => {
  const directory = synthesize((app) => {
    const long = new Stack(app, 'A-stack-with-a-name-that-is-much-too-long-for-the-name-of-any-bucket');
    new Bucket(long, 'First');
    new Bucket(long, 'Second');
  });
  const names = bucketsOf(Assembly.read(directory)).map(({ name }) => name);
  expect(new Set(names).size).toBe(2);
  names.forEach((name) => expect(name).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/));
});

describe('an assembly', () => {
  const directory = (): string => synthesize((app) => {
    const stage = new Stage(app, 'Prod', { env: { account: '111111111111', region: 'eu-west-1' } });
    const data = new Bucket(new Stack(stage, 'Data'), 'Out', { bucketName: 'published' });
    const imports = new Stack(stage, 'Imports');
    const cache = new Bucket(imports, 'Cache', { bucketName: 'cached' });
    const nested = new NestedStack(imports, 'Nested');
    inlineFunction(nested, 'Fetch', { environment: { OUT: data.bucketName, CACHE: cache.bucketArn } });
    const inner = new Bucket(nested, 'Inner', { bucketName: 'inner' });
    inlineFunction(imports, 'Other', { environment: { INNER: inner.bucketName } });
  });

  test('may have stages, nested stacks, and values that one stack takes from another', () => {
    const assembly = Assembly.read(directory());
    const fetch = theFunction(assembly, 'Prod/Imports/Nested/Fetch');
    expect(fetch.arn).toMatch(/^arn:aws:lambda:eu-west-1:111111111111:function:/);
    expect(fetch.definition().environment).toEqual({ OUT: 'published', CACHE: 'arn:aws:s3:::cached' });
    expect(theFunction(assembly, 'Imports/Other').definition().environment).toEqual({ INNER: 'inner' });
    expect(bucketsOf(assembly).map(({ name, resource }) => [name, resource.path])).toEqual(expect.arrayContaining([
      ['published', 'Prod/Data/Out'], ['cached', 'Prod/Imports/Cache'], ['inner', 'Prod/Imports/Nested/Inner'],
    ]));
  });

  test('is found by construct path, by its end, by logical id, with or without Resource', () => {
    const assembly = Assembly.read(directory());
    const { resource } = theFunction(assembly, 'Nested/Fetch');
    expect(theFunction(assembly, resource.logicalId).resource).toEqual(resource);
    expect(theFunction(assembly, '/Prod/Imports/Nested/Fetch/Resource').resource).toEqual(resource);
    expect(() => theFunction(assembly, 'etch')).toThrow(/Function etch: no match\..*Prod\/Imports\/Other, Prod\/Imports\/Nested\/Fetch/);
    expect(() => theFunction(assembly)).toThrow(/several match/);
  });

  test('is told from another folder', () => {
    expect(() => Assembly.read(__dirname)).toThrow(/cannot be read as a part of a cloud assembly\. Pass the folder that "cdk synth" writes/);
  });
});

function repository(stack: Stack): IRepository {
  return Repository.fromRepositoryName(stack, 'Repository', 'images');
}

/** A file that has the name of an archive. */
function archive(): string {
  const file = join(temporaryFolder(), 'code.zip');
  writeFileSync(file, 'PK');
  return file;
}
