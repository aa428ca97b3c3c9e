import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { FUNCTION_TIMEOUT_SECONDS, STEP_MEMORY_MIB, WHOLE_LOG_MEMORY_MIB } from '../../protocol/defaults';
import { EnvironmentVariable } from '../../protocol/environment';
import { CompactRole } from '../base/compact-role';
import { checkEnvironmentSize } from '../base/environment-size';
import { BUNDLE_HANDLER, bundleFolder, LambdaBundle } from '../bundles/lambda-bundle';
import { BoundChunkCache } from '../cache/chunk-cache';
import { BoundDestination } from '../destination/bound-destination';
import { FetchFunctionOptions } from '../source/fetch-function-options';
import { BoundFetchPageHandler, FetchPageHandler } from '../source/fetch-page-handler';
import { acknowledgeFunctionRules } from './function-rules';
import { ImportSettings } from './import-settings';
import { allowNetworkInterfaces } from './network-interfaces';

export interface ImportFunctionsProps {
  readonly fetchPage: FetchPageHandler;
  readonly fetchFunction: FetchFunctionOptions;
  readonly cache: BoundChunkCache;
  readonly destination: BoundDestination;
  readonly settings: ImportSettings;
  /** Whether there are states before publishing, which need a summary. */
  readonly summarizes: boolean;
  /** Whether the import is part of a larger state machine. */
  readonly embedded: boolean;
}

/** The Lambda functions of an import: one per step, each with a role for what its step does. */
export class ImportFunctions extends Construct {
  public readonly initialize: lambda.Function;
  public readonly fetch: lambda.Function;
  /** Settings of a source without code, as JSON text. `undefined` for others. */
  public readonly source?: string;
  /** `undefined` if nothing reads the summary. */
  public readonly summarize?: lambda.Function;
  public readonly persist: lambda.Function;
  public readonly cleanUp: lambda.Function;

  /** Shared by all functions: a log stream's name contains the function's. */
  private readonly logGroup: logs.LogGroup;

  constructor(scope: Construct, id: string, private readonly props: ImportFunctionsProps) {
    super(scope, id);
    const { logRetention: retention, encryptionKey } = props.settings;
    this.logGroup = new logs.LogGroup(this, 'Logs', { retention, encryptionKey, removalPolicy: RemovalPolicy.DESTROY });
    this.initialize = this.newInitialize();
    const handler = props.fetchPage._bind(this);
    this.fetch = this.newFetch(handler);
    this.source = handler.source;
    this.summarize = props.summarizes ? this.newSummarize() : undefined;
    this.persist = this.newPersist();
    this.cleanUp = this.newCleanUp();
    this.all.forEach(({ role }) => (role as CompactRole).settle());
  }

  public get all(): lambda.Function[] {
    return [this.initialize, this.fetch, ...this.summarize === undefined ? [] : [this.summarize], this.persist, this.cleanUp];
  }

  private newInitialize(): lambda.Function {
    const { cache, destination, settings, embedded } = this.props;
    const fn = this.newStep('Initialize', LambdaBundle.INITIALIZE, 'starts or resumes an import');
    fn.addEnvironment(EnvironmentVariable.PAGE_SIZE, String(settings.pageSize));
    fn.addEnvironment(EnvironmentVariable.MAXIMUM_AGE_SECONDS, String(settings.maximumAgeSeconds));
    fn.addEnvironment(EnvironmentVariable.EMBEDDED, String(embedded));
    cache.equipInitialize(fn);
    destination.equipInitialize(fn);
    return fn;
  }

  private newFetch(handler: BoundFetchPageHandler): lambda.Function {
    const { cache, fetchFunction, settings } = this.props;
    const { environment, layers, ...options } = fetchFunction;
    const fn = this.newFunction('Fetch', {
      ...options,
      ...settings.fetchFunctionOptions,
      layers: layers && [...layers],
      description: 'fetches pages and commits them',
      code: handler.code,
      memorySize: settings.fetchMemoryMib,
      timeout: Duration.seconds(settings.fetchTimeoutSeconds),
    });
    handler.equip(fn);
    Object.entries(environment ?? {}).forEach(([name, value]) => fn.addEnvironment(name, value));
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
      ...this.props.settings.functionOptions,
      description,
      code: lambda.Code.fromAsset(bundleFolder(bundle)),
      memorySize,
      timeout: Duration.seconds(FUNCTION_TIMEOUT_SECONDS),
    });
  }

  /** A function with its own role: CDK's default role may write to every log group of the account. */
  private newFunction(id: string, props: Omit<lambda.FunctionProps, 'runtime' | 'handler'>): lambda.Function {
    const scope = new Construct(this, id);
    const { logGroup, props: { settings: { tracing, functionLogLevel } } } = this;
    const role = new CompactRole(scope, 'Role', new iam.ServicePrincipal('lambda.amazonaws.com'));
    logGroup.grantWrite(role);
    if (props.vpc !== undefined) allowNetworkInterfaces(role);
    const fn = new lambda.Function(scope, 'Function', {
      architecture: lambda.Architecture.ARM_64,
      ...props,
      description: `cdk-paginated-import: ${props.description}`,
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: BUNDLE_HANDLER,
      tracing: tracing ? lambda.Tracing.ACTIVE : lambda.Tracing.DISABLED,
      role,
      logGroup,
      // Lambda filters by level only in this format.
      ...functionLogLevel !== undefined && { loggingFormat: lambda.LoggingFormat.JSON, applicationLogLevelV2: functionLogLevel },
    });
    acknowledgeFunctionRules(fn, role);
    return fn;
  }
}
