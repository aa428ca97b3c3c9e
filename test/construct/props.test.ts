import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Aws, Duration, Lazy, Size, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as ts from 'typescript';
import { ImportDestination, NonFiniteNumbers, PaginatedImport, PaginatedImportProps, RepeatedPages, ShortPages, TotalMismatch } from '../../src';
import * as defaults from '../../src/protocol/defaults';
import { EnvironmentVariable } from '../../src/protocol/environment';
import { EXECUTION_DAYS, EXECUTION_HISTORY_EVENTS, LAMBDA_MAX_MEMORY_MIB, LAMBDA_MIN_MEMORY_MIB } from '../../src/protocol/limits';
import { environmentOf, functionOf, importStack, ImportStack, Properties, propertiesOf, statementsOf, StepName, TestStack } from './kit';

const STEPS: readonly StepName[] = ['Initialize', 'Fetch', 'Persist', 'CleanUp'];

const MEMORY_MIB: Readonly<Record<string, number>> = {
  Initialize: defaults.STEP_MEMORY_MIB,
  Fetch: defaults.FETCH_MEMORY_MIB,
  Persist: defaults.WHOLE_LOG_MEMORY_MIB,
  CleanUp: defaults.STEP_MEMORY_MIB,
};

function lambdaOf({ template, orders }: ImportStack, step: StepName) {
  return propertiesOf(template, functionOf(orders.paginatedImport, step));
}

describe('defaults', () => {
  let synthesized: ImportStack;
  beforeAll(() => {
    synthesized = importStack();
  });

  test('reach the functions\' environment, each where its step reads it', () => {
    expect(environmentOf(synthesized, 'Initialize')).toMatchObject({
      [EnvironmentVariable.PAGE_SIZE]: '25',
      [EnvironmentVariable.MAXIMUM_AGE_SECONDS]: String(defaults.maximumAgeSeconds(defaults.TIMEOUT_DAYS * 24 * 3600)),
    });
    expect(environmentOf(synthesized, 'Fetch')).toMatchObject({
      [EnvironmentVariable.CHUNK_BYTES]: String(defaults.CHUNK_BYTES),
      [EnvironmentVariable.CHECKPOINT_INTERVAL_SECONDS]: String(defaults.CHECKPOINT_INTERVAL_SECONDS),
      [EnvironmentVariable.PAGE_ATTEMPTS]: String(defaults.PAGE_ATTEMPTS),
      [EnvironmentVariable.MAX_WAIT_SECONDS]: String(defaults.MAX_WAIT_SECONDS),
      [EnvironmentVariable.MAX_EMPTY_PAGES]: String(defaults.MAX_EMPTY_PAGES),
      [EnvironmentVariable.SHORT_PAGES]: defaults.SHORT_PAGES,
      [EnvironmentVariable.REPEATED_PAGES]: defaults.REPEATED_PAGES,
    });
    expect(environmentOf(synthesized, 'Fetch')).not.toHaveProperty(EnvironmentVariable.MAX_PAGES);
    expect(environmentOf(synthesized, 'Fetch')).not.toHaveProperty(EnvironmentVariable.MAX_RECORDS);
    expect(environmentOf(synthesized, 'Persist')).toMatchObject({
      [EnvironmentVariable.INTEGRITY_CHECK]: 'full-object-crc32',
      [EnvironmentVariable.MIN_RECORDS]: String(defaults.MIN_RECORDS),
      [EnvironmentVariable.ON_TOTAL_MISMATCH]: defaults.ON_TOTAL_MISMATCH,
    });
    STEPS.forEach((step) => expect(environmentOf(synthesized, step)).toHaveProperty(EnvironmentVariable.CACHE_BUCKET));
    STEPS.forEach((step) => expect(environmentOf(synthesized, step)).not.toHaveProperty(EnvironmentVariable.CACHE_PREFIX));
  });

  test('of every function are Lambda\'s current runtime, Arm, tracing and one log group for all', () => {
    STEPS.forEach((step) => expect(lambdaOf(synthesized, step)).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: defaults.FUNCTION_TIMEOUT_SECONDS,
      MemorySize: MEMORY_MIB[step],
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogGroup: { Ref: expect.stringContaining('FunctionsLogs') } },
    }));
  });

  test('keep logs for a month and let them go with the stack', () => {
    const groups = Object.values(synthesized.template.findResources('AWS::Logs::LogGroup'));
    expect(groups).toHaveLength(2);
    groups.forEach((group) => expect(group).toMatchObject({ DeletionPolicy: 'Delete', Properties: { RetentionInDays: defaults.LOG_RETENTION_DAYS } }));
  });

  test('reserve no concurrency and set no function names', () => {
    STEPS.forEach((step) => {
      expect(lambdaOf(synthesized, step)).not.toHaveProperty('ReservedConcurrentExecutions');
      expect(lambdaOf(synthesized, step)).not.toHaveProperty('FunctionName');
    });
  });
});

test('every number that is given reaches the functions', () => {
  const synthesized = importStack(() => ({
    pageSize: 500,
    timeout: Duration.days(1),
    chunkSize: Size.mebibytes(16),
    checkpointInterval: Duration.minutes(2),
    maxAttemptsPerPage: 9,
    maxWait: Duration.hours(2),
    maxPages: 4000,
    maxRecords: 100_000,
    maxEmptyPages: 50,
    shortPages: ShortPages.ALLOW,
    repeatedPages: RepeatedPages.ALLOW,
    minRecords: 1000,
    onTotalMismatch: TotalMismatch.WARN,
    nonFiniteNumbers: NonFiniteNumbers.NULL,
    logRetention: logs.RetentionDays.ONE_WEEK,
  }));
  expect(environmentOf(synthesized, 'Initialize')).toMatchObject({
    [EnvironmentVariable.PAGE_SIZE]: '500', [EnvironmentVariable.MAXIMUM_AGE_SECONDS]: String((2 + 14) * 24 * 3600),
  });
  expect(environmentOf(synthesized, 'Fetch')).toMatchObject({
    [EnvironmentVariable.CHUNK_BYTES]: String(16 * 1024 * 1024),
    [EnvironmentVariable.CHECKPOINT_INTERVAL_SECONDS]: '120',
    [EnvironmentVariable.PAGE_ATTEMPTS]: '9',
    [EnvironmentVariable.MAX_WAIT_SECONDS]: '7200',
    [EnvironmentVariable.MAX_PAGES]: '4000',
    [EnvironmentVariable.MAX_RECORDS]: '100000',
    [EnvironmentVariable.NON_FINITE_NUMBERS]: 'null',
    [EnvironmentVariable.MAX_EMPTY_PAGES]: '50',
    [EnvironmentVariable.SHORT_PAGES]: 'allow',
    [EnvironmentVariable.REPEATED_PAGES]: 'allow',
  });
  expect(environmentOf(synthesized, 'Persist')).toMatchObject({
    [EnvironmentVariable.MIN_RECORDS]: '1000',
    [EnvironmentVariable.ON_TOTAL_MISMATCH]: 'warn',
  });
  synthesized.template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
});

describe('logs and traces', () => {
  const machinesOf = ({ template }: ImportStack): Properties[] => Object.values(template.findResources('AWS::StepFunctions::StateMachine'))
    .map(({ Properties: machine }) => machine);
  const actionsOf = ({ template }: ImportStack): string => JSON.stringify(Object.values(template.findResources('AWS::IAM::Role')));

  test('functions log lines of a level, which takes JSON', () => {
    const synthesized = importStack(() => ({ functionLogLevel: lambda.ApplicationLogLevel.WARN }));
    STEPS.forEach((step) => expect(lambdaOf(synthesized, step).LoggingConfig).toMatchObject({ LogFormat: 'JSON', ApplicationLogLevel: 'WARN' }));
  });

  test('functions log everything as text unless asked otherwise', () => {
    STEPS.forEach((step) => expect(Object.keys(lambdaOf(importStack(), step).LoggingConfig)).toEqual(['LogGroup']));
  });

  test('machines log events of a level, without their data', () => {
    const machines = machinesOf(importStack(() => ({ stateMachineLogLevel: sfn.LogLevel.ERROR })));
    expect(machines).toHaveLength(2);
    machines.forEach(({ LoggingConfiguration: logging }) => expect(logging).toMatchObject({ Level: 'ERROR', IncludeExecutionData: false }));
  });

  test('machines may log nothing, and need no permission then', () => {
    const synthesized = importStack(() => ({ stateMachineLogLevel: sfn.LogLevel.OFF }));
    const machines = machinesOf(synthesized);
    expect(machines).toHaveLength(2);
    machines.forEach((machine) => expect(machine).not.toHaveProperty('LoggingConfiguration'));
    expect(actionsOf(synthesized)).not.toContain('logs:CreateLogDelivery');
    synthesized.template.resourceCountIs('AWS::Logs::LogGroup', 1);
  });

  test('nothing may be traced, and needs no permission then', () => {
    const synthesized = importStack(() => ({ tracing: false }));
    const machines = machinesOf(synthesized);
    expect(machines).toHaveLength(2);
    machines.forEach((machine) => expect(machine.TracingConfiguration).toEqual({ Enabled: false }));
    STEPS.forEach((step) => expect(lambdaOf(synthesized, step)).not.toHaveProperty('TracingConfig'));
    expect(actionsOf(synthesized)).not.toContain('xray:');
  });

  test('what is chosen holds for an import in a larger machine too', () => {
    const stack = new TestStack();
    const orders = new PaginatedImport(stack, 'Orders', stack.props({ tracing: false, stateMachineLogLevel: sfn.LogLevel.FATAL }));
    const machine = propertiesOf(Template.fromStack(stack), orders.continuationStateMachine);
    expect([machine.LoggingConfiguration.Level, machine.TracingConfiguration.Enabled]).toEqual(['FATAL', false]);
  });
});

test('the options of the fetch function reach it, and no other function', () => {
  const synthesized = importStack((stack) => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
    return {
      fetchFunction: {
        memorySize: 2048,
        timeout: Duration.minutes(5),
        environment: { API_URL: 'https://api.example.com' },
        vpc,
        vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
        securityGroups: [new ec2.SecurityGroup(stack, 'Group', { vpc })],
        layers: [lambda.LayerVersion.fromLayerVersionArn(stack, 'Layer', 'arn:aws:lambda:eu-west-1:123456789012:layer:tls:1')],
        architecture: lambda.Architecture.X86_64,
      },
    };
  });
  expect(lambdaOf(synthesized, 'Fetch')).toMatchObject({
    MemorySize: 2048,
    Timeout: 300,
    Environment: { Variables: { API_URL: 'https://api.example.com' } },
    VpcConfig: {
      SecurityGroupIds: [{ 'Fn::GetAtt': [expect.stringMatching(/^Group/), 'GroupId'] }],
      SubnetIds: [{ Ref: expect.stringMatching(/^VpcIsolated/) }, { Ref: expect.stringMatching(/^VpcIsolated/) }],
    },
    Layers: ['arn:aws:lambda:eu-west-1:123456789012:layer:tls:1'],
    Architectures: ['x86_64'],
  });
  expect(lambdaOf(synthesized, 'Persist')).not.toHaveProperty('VpcConfig');
  expect(lambdaOf(synthesized, 'Persist').Architectures).toEqual(['arm64']);
  const { role } = functionOf(synthesized.orders.paginatedImport, 'Fetch');
  expect(statementsOf(synthesized.template, role!).flatMap(({ Action }) => Action)).toContain('ec2:CreateNetworkInterface');
});

describe('the environment of the fetch function', () => {
  const errorOf = (environment: { [name: string]: string }): string => {
    const app = new App();
    const stack = new TestStack(app);
    new PaginatedImport(stack, 'Orders', stack.props({ fetchFunction: { environment } }));
    try {
      app.synth();
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };

  test('is refused where Lambda would not take it, the package\'s own variables included', () => {
    expect(errorOf({ QUERY: 'q'.repeat(4000) })).toMatch(new RegExp('The environment variables of the fetch function have 4\\d{3} bytes, and Lambda allows 4096\\. '
      + 'Put fewer or shorter ones in fetchFunction\\.environment'));
  });

  test('may be long, and references count with their names alone', () => {
    expect(errorOf({ QUERY: 'q'.repeat(3000), STACK: Aws.STACK_NAME })).toBe('');
  });
});

test('a task is given up a minute after its function\'s own time limit', () => {
  const { template } = importStack(() => ({ fetchFunction: { timeout: Duration.seconds(30) } }));
  const definitions = JSON.stringify(template.findResources('AWS::StepFunctions::StateMachine'));
  expect(definitions).toContain('\\"TimeoutSeconds\\":90,');
});

describe('refused', () => {
  const TOKEN = Token.asNumber({ Ref: 'Parameter' });
  const cases: [string, Partial<PaginatedImportProps>, string][] = [
    ['page size 0', { pageSize: 0 }, 'pageSize is 0; write a whole number of at least 1 instead'],
    ['negative page size', { pageSize: -25 }, 'pageSize is -25; write a whole number of at least 1 instead'],
    ['fractional page size', { pageSize: 2.5 }, 'pageSize is 2.5, not a whole number; write a whole number of at least 1 instead'],
    ['page size that is no number', { pageSize: NaN }, 'pageSize is NaN, not a whole number'],
    ['page size that is a token', { pageSize: TOKEN }, 'pageSize is a token, whose value is not known at synth; write a whole number of at least 1 as a literal instead'],
    ['no attempt', { maxAttemptsPerPage: 0 }, 'maxAttemptsPerPage is 0; write a whole number of at least 1 instead'],
    ['no round', { roundsPerExecution: 0 }, 'roundsPerExecution is 0; write a whole number from 1 to 3000 instead'],
    ['more rounds than a history holds', { roundsPerExecution: 3001 }, 'roundsPerExecution is 3001; write a whole number from 1 to 3000 instead'],
    ['no page', { maxPages: 0 }, 'maxPages is 0; write a whole number of at least 1 instead'],
    ['fractional number of pages', { maxPages: 1.5 }, 'maxPages is 1.5, not a whole number'],
    ['number of pages that is a token', { maxPages: TOKEN }, 'maxPages is a token, whose value is not known at synth'],
    ['no empty page', { maxEmptyPages: 0 }, 'maxEmptyPages is 0; write a whole number of at least 1 instead'],
    ['no record', { maxRecords: 0 }, 'maxRecords is 0; write a whole number of at least 1 instead'],
    ['number of records that is a token', { maxRecords: TOKEN }, 'maxRecords is a token, whose value is not known at synth'],
    ['negative least number of records', { minRecords: -1 }, 'minRecords is -1; write a whole number of at least 0 instead'],
    ['least number of records that is a token', { minRecords: TOKEN }, 'minRecords is a token, whose value is not known at synth'],
    ['more records at least than at most', { minRecords: 11, maxRecords: 10 }, 'minRecords is 11; write a whole number from 0 to 10 records (maxRecords) instead'],
    ['no time', { timeout: Duration.seconds(0) }, 'timeout is 0 seconds; write a duration from 1 to 31536000 seconds instead'],
    ['more than a year', { timeout: Duration.days(EXECUTION_DAYS + 1) }, 'timeout is 31622400 seconds; write a duration from 1 to 31536000 seconds instead'],
    ['fraction of a second', { timeout: Duration.millis(1500) }, 'timeout is 1.5 seconds, not a whole number of them'],
    ['timeout that is a token', { timeout: Duration.seconds(TOKEN) }, 'timeout is a token, whose value is not known at synth'],
    ['checkpoint interval of 0', { checkpointInterval: Duration.seconds(0) }, 'checkpointInterval is 0 seconds; write a duration from 1 to 900 seconds instead'],
    ['checkpoint interval that no invocation lasts', { checkpointInterval: Duration.minutes(16) }, 'checkpointInterval is 960 seconds'],
    ['wait beyond the timeout', { timeout: Duration.hours(1), maxWait: Duration.hours(2) }, 'maxWait is 7200 seconds; write a duration from 1 to 3600 seconds instead'],
    ['chunk of nothing', { chunkSize: Size.bytes(0) }, 'chunkSize is 0; write a whole number from 1 to 134217728 bytes'],
    ['chunk that memory does not hold', { chunkSize: Size.mebibytes(64), fetchFunction: { memorySize: 256 } },
      'chunkSize is 67108864; write a whole number from 1 to 33554432 bytes (an eighth of the fetch function\'s 256 MiB of memory) instead'],
    ['chunk size that is a token', { chunkSize: Size.bytes(TOKEN) }, 'chunkSize is a token'],
    ['function beyond 15 minutes', { fetchFunction: { timeout: Duration.minutes(16) } }, 'fetchFunction.timeout is 960 seconds; write a duration from 1 to 900 seconds instead'],
    ['too little memory', { fetchFunction: { memorySize: LAMBDA_MIN_MEMORY_MIB - 1 } }, 'fetchFunction.memorySize is 127; write a whole number from 128 to 10240 MiB instead'],
    ['too much memory', { fetchFunction: { memorySize: LAMBDA_MAX_MEMORY_MIB + 1 } }, 'fetchFunction.memorySize is 10241'],
    ['memory that is a token', { fetchFunction: { memorySize: TOKEN } }, 'fetchFunction.memorySize is a token'],
    ['the package\'s own variable', { fetchFunction: { environment: { PAGINATED_IMPORT_PAGE_SIZE: '1' } } },
      'fetchFunction.environment has PAGINATED_IMPORT_PAGE_SIZE, and names that begin with PAGINATED_IMPORT_ are reserved; write another name instead'],
    ['subnets without a VPC', { fetchFunction: { vpcSubnets: {} } }, 'fetchFunction.vpcSubnets is given without a VPC; write fetchFunction.vpc as well instead'],
    ['security groups without a VPC', { fetchFunction: { securityGroups: [] } }, 'fetchFunction.securityGroups is given without a VPC'],
  ];

  test.each(cases)('%s', (_name, props, message) => {
    const stack = new TestStack();
    const make = (): unknown => new PaginatedImport(stack, 'Orders', stack.props(props));
    expect(make).toThrow(`PaginatedImport (Stack/Orders): ${message}`);
  });

  test('more layers than Lambda allows', () => {
    const stack = new TestStack();
    const layers = Array.from({ length: 6 }, (_, layer) => lambda.LayerVersion.fromLayerVersionArn(stack, `Layer${layer}`, `arn:aws:lambda:x:1:layer:l:${layer}`));
    expect(() => new PaginatedImport(stack, 'Orders', stack.props({ fetchFunction: { layers } })))
      .toThrow('fetchFunction.layers has 6 layers, and Lambda allows 5; write at most 5 instead');
  });
});

describe('the bounds themselves are allowed', () => {
  test.each<[string, Partial<PaginatedImportProps>]>([
    ['least', { pageSize: 1, timeout: Duration.seconds(1), maxWait: Duration.seconds(1), roundsPerExecution: 1, checkpointInterval: Duration.seconds(1) }],
    ['least of the guards', { maxPages: 1, maxRecords: 1, minRecords: 0 }],
    ['as many records at least as at most', { maxRecords: 10, minRecords: 10 }],
    ['most', { timeout: Duration.days(365), maxWait: Duration.days(365), roundsPerExecution: 3000, checkpointInterval: Duration.minutes(15) }],
    ['memory', { fetchFunction: { memorySize: LAMBDA_MIN_MEMORY_MIB, timeout: Duration.seconds(1) }, chunkSize: Size.mebibytes(16) }],
  ])('%s', (_name, props) => {
    const stack = new TestStack();
    expect(() => new PaginatedImport(stack, 'Orders', stack.props(props))).not.toThrow();
  });
});

test('the most rounds that may be asked for leave 4,000 events of a history to what surrounds the loop', () => {
  const eventsPerRound = 5 + 2; // Fetch, PersistOrContinue
  expect(EXECUTION_HISTORY_EVENTS - defaults.MAX_ROUNDS_PER_EXECUTION * eventsPerRound).toBeGreaterThanOrEqual(4000);
});

describe('chunks that S3 cannot copy', () => {
  test('are warned of', () => {
    const { stack } = importStack(() => ({ chunkSize: Size.mebibytes(4) }));
    Annotations.fromStack(stack).hasWarning('/Stack/Orders/Import', Match.stringLikeRegexp('chunkSize is 4194304 bytes.*cannot copy chunks below 5242880.*smallChunks'));
  });

  test('are not warned of where each is an object of its own, which S3 copies whatever its size', () => {
    const { stack } = importStack(({ bucket }) => ({
      chunkSize: Size.mebibytes(4), destination: ImportDestination.toPrefix(bucket, { prefix: 'orders/{importId}' }),
    }));
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });

  test('are not warned of where there are none', () => {
    const { stack } = importStack(() => ({ chunkSize: Size.mebibytes(5) }));
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });
});

test('a token in the environment is left alone', () => {
  const stack = new Stack(new App(), 'Tokens');
  expect(() => new PaginatedImport(stack, 'Orders', new TestStack(stack, 'Other').props({
    fetchFunction: { environment: { API_URL: Lazy.string({ produce: () => 'https://api.example.com' }) } },
  }))).not.toThrow();
});

describe('documentation', () => {
  const FILES = [
    'machine/paginated-import-props', 'source/fetch-function-options', 'source/fetch-page-handler', 'cache/chunk-cache', 'destination/import-destination',
    'destination/output-options', 'destination/output-format', 'paginated-import-state-machine',
  ];
  const members = FILES.flatMap((file) => optionalMembers(path.join(__dirname, '..', '..', 'src', 'construct', `${file}.ts`)));

  test('gives every optional prop its behaviour and its default', () => {
    expect(members.length).toBeGreaterThanOrEqual(25);
    const undocumented = members.filter(({ text, fallback }) => text.length < 20 || fallback === undefined).map(({ name }) => name);
    expect(undocumented).toEqual([]);
  });

  test.each([
    ['timeout (import)', 'PaginatedImportProps.timeout', `Duration.days(${defaults.TIMEOUT_DAYS})`],
    ['log retention', 'PaginatedImportProps.logRetention', `logs.RetentionDays.${logs.RetentionDays[defaults.LOG_RETENTION_DAYS]}`],
    ['log level of machines', 'PaginatedImportProps.stateMachineLogLevel', `sfn.LogLevel.${defaults.STATE_MACHINE_LOG_LEVEL}`],
    ['traces', 'PaginatedImportProps.tracing', String(defaults.TRACING)],
    ['chunk size', 'PaginatedImportProps.chunkSize', `Size.mebibytes(${defaults.CHUNK_BYTES / 1024 / 1024})`],
    ['checkpoint interval', 'PaginatedImportProps.checkpointInterval', `Duration.seconds(${defaults.CHECKPOINT_INTERVAL_SECONDS})`],
    ['attempts', 'PaginatedImportProps.maxAttemptsPerPage', String(defaults.PAGE_ATTEMPTS)],
    ['wait', 'PaginatedImportProps.maxWait', `Duration.hours(${defaults.MAX_WAIT_SECONDS / 3600})`],
    ['empty pages', 'PaginatedImportProps.maxEmptyPages', String(defaults.MAX_EMPTY_PAGES)],
    ['short pages', 'PaginatedImportProps.shortPages', `ShortPages.${defaults.SHORT_PAGES.toUpperCase()}`],
    ['repeated pages', 'PaginatedImportProps.repeatedPages', `RepeatedPages.${defaults.REPEATED_PAGES.toUpperCase()}`],
    ['least records', 'PaginatedImportProps.minRecords', String(defaults.MIN_RECORDS)],
    ['total mismatch', 'PaginatedImportProps.onTotalMismatch', `TotalMismatch.${defaults.ON_TOTAL_MISMATCH.toUpperCase()}`],
    ['numbers', 'PaginatedImportProps.nonFiniteNumbers', `NonFiniteNumbers.${defaults.NON_FINITE_NUMBERS.toUpperCase()}`],
    [
      'rounds', 'PaginatedImportProps.roundsPerExecution',
      `${defaults.ROUNDS_PER_EXECUTION} in a \`PaginatedImportStateMachine\`, ${defaults.ROUNDS_PER_EMBEDDED_EXECUTION} in a larger machine`,
    ],
    ['empty imports', 'OutputOptions.onEmpty', `OnEmpty.${defaults.ON_EMPTY.toUpperCase()}`],
    ['memory', 'FetchFunctionOptions.memorySize', String(defaults.FETCH_MEMORY_MIB)],
    ['timeout (function)', 'FetchFunctionOptions.timeout', `Duration.minutes(${defaults.FUNCTION_TIMEOUT_SECONDS / 60})`],
  ])('quotes the default that is used: %s', (_name, member, value) => {
    expect(members.find(({ name }) => name === member)?.fallback).toBe(value);
  });

  test('quotes the bounds that are checked', () => {
    const textOf = (member: string): string => members.find(({ name }) => name === member)!.text;
    expect(textOf('PaginatedImportProps.roundsPerExecution')).toContain(defaults.MAX_ROUNDS_PER_EXECUTION.toLocaleString('en-US'));
    expect(textOf('PaginatedImportProps.maxWait')).toContain(`more than ${defaults.SHORT_WAIT_SECONDS} seconds cost no compute`);
    expect(textOf('PaginatedImportProps.maxWait')).toContain(`at most ${defaults.SHORT_WAITS_PER_PAGE} in a row for one page`);
    expect(textOf('PaginatedImportProps.maxAttemptsPerPage')).toContain(`at most ${defaults.PAGE_RETRY_CAP_SECONDS} seconds`);
    expect(textOf('PaginatedImportProps.chunkSize')).toContain(`at least 1/${(1 / defaults.CHUNK_SHARE_OF_IMPORT).toLocaleString('en-US')} of the bytes fetched before it`);
    expect(textOf('PaginatedImportProps.beforePersist')).toContain(`up to ${defaults.SUMMARY_SAMPLES} sample records`);
    expect(textOf('FetchFunctionOptions.memorySize')).toContain('from 128 to 10,240');
  });
});

interface Member {
  readonly name: string;
  readonly text: string;
  readonly fallback: string | undefined;
}

/** The optional properties of the interfaces in a file, with their documentation. */
function optionalMembers(file: string): Member[] {
  const source = ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  return source.statements.filter(ts.isInterfaceDeclaration).flatMap((declaration) => declaration.members
    .filter((member) => member.questionToken !== undefined)
    .map((member) => {
      const [comment] = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc);
      const tag = ts.getJSDocTags(member).find(({ tagName }) => tagName.text === 'default');
      return {
        name: `${declaration.name.text}.${member.name!.getText(source)}`,
        text: ts.getTextOfJSDocComment(comment?.comment)?.replace(/\s+/g, ' ') ?? '',
        fallback: ts.getTextOfJSDocComment(tag?.comment),
      };
    }));
}
