import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { FUNCTION_TIMEOUT_SECONDS, STEP_MEMORY_MIB, WHOLE_LOG_MEMORY_MIB } from '../../protocol/defaults';
import { EnvironmentVariable } from '../../protocol/environment';
import { acknowledge } from '../base/acknowledgements';
import { CompactRole } from '../base/compact-role';
import { checkEnvironmentSize } from '../base/environment-size';
import { BUNDLE_HANDLER, bundleFolder, LambdaBundle } from '../bundles/lambda-bundle';
import { BoundChunkCache } from '../cache/chunk-cache';
import { BoundDestination } from '../destination/bound-destination';
import { FetchFunctionOptions } from '../source/fetch-function-options';
import { FetchPageHandler } from '../source/fetch-page-handler';
import { ImportSettings } from './import-settings';

/** What the functions of an import are made of. */
export interface ImportFunctionsProps {
  readonly fetchPage: FetchPageHandler;
  readonly fetchFunction: FetchFunctionOptions;
  readonly cache: BoundChunkCache;
  readonly destination: BoundDestination;
  readonly settings: ImportSettings;
  /** Whether there are states before publishing, for which the import is summarized. */
  readonly summarizes: boolean;
  /** Whether the import is part of a larger state machine. */
  readonly embedded: boolean;
}

/** The Lambda functions of an import, one per step, each with a role that allows what its step does. */
export class ImportFunctions extends Construct {
  public readonly initialize: lambda.Function;
  public readonly fetch: lambda.Function;
  /** `undefined` where nobody would read the summary. */
  public readonly summarize?: lambda.Function;
  public readonly persist: lambda.Function;
  public readonly cleanUp: lambda.Function;

  /** Of all functions: the name of a log stream tells which of them has written it. */
  private readonly logGroup: logs.LogGroup;

  constructor(scope: Construct, id: string, private readonly props: ImportFunctionsProps) {
    super(scope, id);
    this.logGroup = new logs.LogGroup(this, 'Logs', { retention: props.settings.logRetention, removalPolicy: RemovalPolicy.DESTROY });
    this.initialize = this.newInitialize();
    this.fetch = this.newFetch();
    this.summarize = props.summarizes ? this.newSummarize() : undefined;
    this.persist = this.newPersist();
    this.cleanUp = this.newCleanUp();
    this.all.forEach(({ role }) => (role as CompactRole).settle());
  }

  /** All that there are, in the order of the steps. */
  public get all(): lambda.Function[] {
    return [this.initialize, this.fetch, ...this.summarize === undefined ? [] : [this.summarize], this.persist, this.cleanUp];
  }

  private newInitialize(): lambda.Function {
    const { cache, settings, embedded } = this.props;
    const fn = this.newStep('Initialize', LambdaBundle.INITIALIZE, 'starts or resumes an import');
    fn.addEnvironment(EnvironmentVariable.PAGE_SIZE, String(settings.pageSize));
    fn.addEnvironment(EnvironmentVariable.MAXIMUM_AGE_SECONDS, String(settings.maximumAgeSeconds));
    fn.addEnvironment(EnvironmentVariable.EMBEDDED, String(embedded));
    cache.equipInitialize(fn);
    return fn;
  }

  private newFetch(): lambda.Function {
    const { cache, fetchPage, fetchFunction, settings } = this.props;
    const { environment, securityGroups, layers, ...options } = fetchFunction;
    const handler = fetchPage._bind(this);
    const fn = this.newFunction('Fetch', {
      ...options,
      securityGroups: securityGroups && [...securityGroups],
      layers: layers && [...layers],
      description: 'fetches pages and commits them',
      code: handler.code,
      memorySize: settings.fetchMemoryMib,
      timeout: Duration.seconds(settings.fetchTimeoutSeconds),
      environment: { ...handler.environment, ...environment },
    });
    handler.statements.forEach((statement) => fn.role!.addToPrincipalPolicy(statement));
    fn.addEnvironment(EnvironmentVariable.CHUNK_BYTES, String(settings.chunkBytes));
    fn.addEnvironment(EnvironmentVariable.CHECKPOINT_INTERVAL_SECONDS, String(settings.checkpointIntervalSeconds));
    fn.addEnvironment(EnvironmentVariable.PAGE_ATTEMPTS, String(settings.pageAttempts));
    fn.addEnvironment(EnvironmentVariable.MAX_WAIT_SECONDS, String(settings.maxWaitSeconds));
    fn.addEnvironment(EnvironmentVariable.NON_FINITE_NUMBERS, settings.nonFiniteNumbers);
    if (settings.maxPages !== undefined) fn.addEnvironment(EnvironmentVariable.MAX_PAGES, String(settings.maxPages));
    if (settings.maxRecords !== undefined) fn.addEnvironment(EnvironmentVariable.MAX_RECORDS, String(settings.maxRecords));
    fn.addEnvironment(EnvironmentVariable.MAX_EMPTY_PAGES, String(settings.maxEmptyPages));
    fn.addEnvironment(EnvironmentVariable.SHORT_PAGES, settings.shortPages);
    fn.addEnvironment(EnvironmentVariable.REPEATED_PAGES, settings.repeatedPages);
    cache.equipFetch(fn);
    checkEnvironmentSize(fn);
    return fn;
  }

  private newSummarize(): lambda.Function {
    const fn = this.newStep('Summarize', LambdaBundle.SUMMARIZE, 'summarizes an import before it is published', WHOLE_LOG_MEMORY_MIB);
    this.props.cache.equipSummarize(fn);
    return fn;
  }

  private newPersist(): lambda.Function {
    const { cache, destination, settings } = this.props;
    const fn = this.newStep('Persist', LambdaBundle.PERSIST, 'publishes an import', WHOLE_LOG_MEMORY_MIB);
    fn.addEnvironment(EnvironmentVariable.MIN_RECORDS, String(settings.minRecords));
    fn.addEnvironment(EnvironmentVariable.ON_TOTAL_MISMATCH, settings.onTotalMismatch);
    cache.equipPersist(fn);
    destination.equipPersist(fn);
    return fn;
  }

  private newCleanUp(): lambda.Function {
    const fn = this.newStep('CleanUp', LambdaBundle.CLEAN_UP, 'deletes the chunks of a published import');
    this.props.cache.equipCleanUp(fn);
    return fn;
  }

  private newStep(id: string, bundle: LambdaBundle, description: string, memorySize: number = STEP_MEMORY_MIB): lambda.Function {
    return this.newFunction(id, {
      description,
      code: lambda.Code.fromAsset(bundleFolder(bundle)),
      memorySize,
      timeout: Duration.seconds(FUNCTION_TIMEOUT_SECONDS),
    });
  }

  /** A function with a role of its own: CDK's default role may write to every log group of the account. */
  private newFunction(id: string, props: Omit<lambda.FunctionProps, 'runtime' | 'handler'>): lambda.Function {
    const scope = new Construct(this, id);
    const { logGroup, props: { settings: { tracing, functionLogLevel } } } = this;
    const role = new CompactRole(scope, 'Role', new iam.ServicePrincipal('lambda.amazonaws.com'));
    logGroup.grantWrite(role);
    if (props.vpc !== undefined) role.addToPrincipalPolicy(networkInterfaces());
    acknowledge(role, 'AwsSolutions-IAM5[Resource::*]', 'X-Ray and network interfaces know no permissions on single resources.');
    return new lambda.Function(scope, 'Function', {
      architecture: lambda.Architecture.ARM_64,
      ...props,
      description: `cdk-paginated-import: ${props.description}`,
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: BUNDLE_HANDLER,
      tracing: tracing ? lambda.Tracing.ACTIVE : lambda.Tracing.DISABLED,
      role,
      logGroup,
      // Lambda tells levels apart in logs of this format only.
      ...functionLogLevel !== undefined && { loggingFormat: lambda.LoggingFormat.JSON, applicationLogLevelV2: functionLogLevel },
    });
  }
}

/** What Lambda needs for a function in a VPC. https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html */
function networkInterfaces(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: [
      'ec2:CreateNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:DeleteNetworkInterface',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resources: ['*'],
  });
}
