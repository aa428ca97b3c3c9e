import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { PersistState } from '../protocol/machine-state';
import { StateName } from '../protocol/state-names';
import { checkKind } from './base/check-options';
import { isInside, nameOf } from './base/construct-name';
import { GRANTEE, required } from './base/kinds';
import { seriesOf } from './base/series';
import { BoundChunkCache, ChunkCache } from './cache/chunk-cache';
import { BoundDestination } from './destination/bound-destination';
import { checkApart } from './machine/apart';
import { checkProps } from './machine/check-props';
import { Continuation } from './machine/continuation';
import { openKeyToLogs } from './machine/encryption';
import { fetchLoop } from './machine/fetch-loop';
import { ImportFunctions } from './machine/import-functions';
import { ImportSettings, settingsOf, warnOfSmallChunks } from './machine/import-settings';
import { checkNeighbours } from './machine/neighbours';
import { PaginatedImportProps, PROP_KINDS } from './machine/paginated-import-props';
import { cleanUpStep, initializeStep, persistStep, summarizeStep } from './machine/steps';
import { checkSurroundingMachines } from './machine/surrounding-machine';

/**
 * A paginated import as part of a larger state machine. You can use it several times in one machine, and inside a Map or a Parallel. Give
 * each one a prefix with `prefixStates()`, or turn it into a single state with `toSingleState()`.
 *
 * The handler receives its input as `input`; it may also be `{ "resumeFrom": "<importId>" }`. Its output is the import's result:
 * `importId`, `outcome` (`published`, `superseded` or `skipped`), `bucket`, `key`, `manifestKey`, `records`, `pages`, `bytes`,
 * `crc32` and `warnings`, an array that is empty if there are none.
 *
 * The surrounding machine should time out no later than the import's `timeout`. Step Functions allows an execution 25,000 events, which all
 * imports in it share. With more than six imports, as with a Map, lower `roundsPerExecution` so that seven times the rounds of all
 * imports stays below that.
 *
 * @example
 *
 * import { Stack, aws_s3 as s3, aws_stepfunctions as sfn } from 'aws-cdk-lib';
 * import { FetchPageHandler, ImportDestination, PaginatedImport } from 'cdk-paginated-import';
 *
 * declare const stack: Stack;
 * declare const bucket: s3.Bucket;
 * declare const invoicesOfTenant: FetchPageHandler;
 *
 * const tenants = new sfn.Map(stack, 'Tenants', { itemsPath: '$.tenants', maxConcurrency: 4 });
 * tenants.itemProcessor(new PaginatedImport(stack, 'Invoices', {
 *   fetchPage: invoicesOfTenant,
 *   pageSize: 100,
 *   destination: ImportDestination.toBucket(bucket, { key: 'invoices/{date}/{importId}.jsonl' }),
 *   roundsPerExecution: 100,
 * }));
 * new sfn.StateMachine(stack, 'Nightly', { definitionBody: sfn.DefinitionBody.fromChainable(tenants) });
 */
export class PaginatedImport extends sfn.StateMachineFragment {
  public readonly startState: sfn.State;
  public readonly endStates: sfn.INextable[];

  /** The function that fetches the pages. Grant it the permissions that your handler needs. */
  public readonly fetchFunction: lambda.Function;

  /** The bucket that stores chunks and the commit log. */
  public readonly cacheBucket: s3.IBucket;

  /** Name of the series: of all imports by this construct. */
  public readonly seriesName: string;

  /** The machine whose executions continue the import after `roundsPerExecution` rounds. */
  public readonly continuationStateMachine: sfn.StateMachine;

  /** @internal */
  public readonly _settings: ImportSettings;

  private readonly cache: BoundChunkCache;
  private readonly functions: ImportFunctions;
  private readonly continuation: Continuation;

  constructor(scope: Construct, id: string, props: PaginatedImportProps) {
    super(scope, id);
    if (!isInside(this)) checkProps(this, props, PROP_KINDS);
    const settings = settingsOf(this, props);
    const series = seriesOf(this, props.seriesName);
    const cache = (props.chunkCache ?? ChunkCache.own())._bind(this, series, settings.maximumAgeSeconds, settings.encryptionKey);
    const destination = props.destination._bind(this);
    checkApart(nameOf(this), destination, cache);
    checkNeighbours(this, destination, cache);
    warnOfSmallChunks(this, settings, destination.output);
    // In a separate scope: a fragment's states must not share ids with other constructs.
    const functions = new ImportFunctions(this, 'Functions', {
      fetchPage: props.fetchPage,
      fetchFunction: props.fetchFunction ?? {},
      cache,
      destination,
      settings,
      summarizes: props.beforePersist !== undefined,
      embedded: !isInside(this),
    });
    openKeyToLogs(this, settings);
    this._settings = settings;
    this.cache = cache;
    this.cacheBucket = cache.bucket;
    this.seriesName = series.name;
    this.functions = functions;
    this.fetchFunction = functions.fetch;
    this.continuation = new Continuation(this, 'Continuation', { fetchFunction: functions.fetch, source: functions.source, settings });
    this.continuationStateMachine = this.continuation.stateMachine;
    ({ start: this.startState, ends: this.endStates } = this.states(destination, props.beforePersist));
    checkSurroundingMachines(this, functions.initialize);
  }

  /**
   * Grants read access to the summary that the states of `beforePersist` receive the key of: totals and sample records.
   *
   * @param grantee for example the function of a task in `beforePersist`
   * @throws Error if the import has no `beforePersist`, and therefore no summary
   */
  public grantReadSummary(grantee: iam.IGrantable): iam.Grant {
    const where = nameOf(this);
    checkKind(where, 'grantee', grantee, required(GRANTEE));
    if (this.functions.summarize === undefined) {
      throw new Error(`${where}: there is no summary without beforePersist; give that as well`);
    }
    return this.cache.grantReadSummary(grantee);
  }

  /**
   * The log group of the machines. `undefined` if logging is off.
   *
   * @internal
   */
  public get _machineLogs(): logs.ILogGroup | undefined {
    return this.continuation.logGroup;
  }

  /**
   * The resources with wildcards in the role of the surrounding machine.
   *
   * @internal
   */
  public _wildcards(): string[] {
    return [...this.functions.all.flatMap((fn) => fn.resourceArnsForGrantInvoke), this.continuation.executionArns];
  }

  /** `Initialize -> Fetch ... -> beforePersist -> Persist ...` */
  private states(destination: BoundDestination, beforePersist: sfn.IChainable | undefined): States {
    const { functions, continuation, _settings: { roundsPerExecution } } = this;
    const publish = this.publishing(functions, destination);
    const continueInChild = continuation.startIn(this);
    const loop = fetchLoop(this, {
      fetchFunction: functions.fetch,
      source: functions.source,
      roundsPerExecution,
      whenRoundsAreUp: continueInChild,
      whenDone: this.beforePersist(functions, destination, beforePersist)?.next(publish.start) ?? publish.start,
    });
    continueInChild.next(loop.persistOrContinue);
    const start = initializeStep(this, functions.initialize, destination.settings);
    start.next(loop.fetch);
    return { start, ends: publish.ends };
  }

  /** The summary and the user's states as a single state: inline, their output would replace the import's state. */
  private beforePersist(
    { summarize }: ImportFunctions, { settings }: BoundDestination, states: sfn.IChainable | undefined,
  ): sfn.Parallel | undefined {
    if (summarize === undefined || states === undefined) return undefined;
    return new sfn.Parallel(this, StateName.BEFORE_PERSIST, { resultPath: sfn.JsonPath.DISCARD })
      .branch(summarizeStep(this, summarize, settings).next(states));
  }

  /** `Persist -> PersistOrCleanUp -> Persist (more to do) | CleanUp` */
  private publishing(functions: ImportFunctions, { settings }: BoundDestination): States {
    const persist = persistStep(this, functions.persist, settings);
    const cleanUp = cleanUpStep(this, functions.cleanUp);
    const more: keyof PersistState = 'continue';
    const persistOrCleanUp = new sfn.Choice(this, StateName.PERSIST_OR_CLEAN_UP)
      .when(sfn.Condition.booleanEquals(`$.${more}`, true), persist)
      .otherwise(cleanUp);
    persist.next(persistOrCleanUp);
    return { start: persist, ends: cleanUp.endStates };
  }
}

interface States {
  readonly start: sfn.State;
  readonly ends: sfn.INextable[];
}
