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
import { BoundChunkCache, ChunkCache } from './cache/chunk-cache';
import { checkApart } from './machine/apart';
import { checkProps } from './machine/check-props';
import { Continuation } from './machine/continuation';
import { fetchLoop } from './machine/fetch-loop';
import { ImportFunctions } from './machine/import-functions';
import { ImportSettings, settingsOf, warnOfSmallChunks } from './machine/import-settings';
import { warnOfNeighbours } from './machine/neighbours';
import { PaginatedImportProps, PROP_KINDS } from './machine/paginated-import-props';
import { cleanUpStep, initializeStep, persistStep, summarizeStep } from './machine/steps';
import { checkSurroundingMachines } from './machine/surrounding-machine';

/**
 * A paginated import as a part of a larger state machine. It may be used several times in one machine, and inside a Map or a
 * Parallel: give each a prefix by `prefixStates()`, or make it a single state by `toSingleState()`.
 *
 * Its input is what the handler gets as `input`, and may be `{ "resumeFrom": "<importId>" }`. Its output is the import's result:
 * `importId`, `outcome` (`published`, `superseded` or `skipped`), `bucket`, `key`, `manifestKey`, `records`, `pages`, `bytes`,
 * `crc32` and `warnings`, an array that is empty for an import without any.
 *
 * The machine around it should time out no later than the import's `timeout`. Step Functions gives an execution 25,000 events, which all
 * imports in it share: lower `roundsPerExecution` where there are more than six, as with a Map, so that seven times their rounds stay
 * below that.
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

  /** The function that fetches the pages: grant it what the fetch-page handler needs. */
  public readonly fetchFunction: lambda.Function;

  /** The bucket that chunks and commit log are kept in. */
  public readonly cacheBucket: s3.IBucket;

  /** The machine in whose executions the import goes on when it has had its rounds. */
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
    const cache = (props.chunkCache ?? ChunkCache._own())._bind(this, settings.maximumAgeSeconds);
    const destination = props.destination._bind(this);
    checkApart(nameOf(this), destination, cache);
    warnOfNeighbours(this, destination, cache);
    warnOfSmallChunks(this, settings, destination.output);
    // Below a construct of their own: the ids of a fragment's states must be free of other constructs.
    const functions = new ImportFunctions(this, 'Functions', {
      fetchPage: props.fetchPage,
      fetchFunction: props.fetchFunction ?? {},
      cache,
      destination,
      settings,
      summarizes: props.beforePersist !== undefined,
      embedded: !isInside(this),
    });
    const continuation = new Continuation(this, 'Continuation', { fetchFunction: functions.fetch, settings });
    const publish = this.publishing(functions);
    const continueInChild = continuation.startIn(this);
    const loop = fetchLoop(this, {
      fetchFunction: functions.fetch,
      roundsPerExecution: settings.roundsPerExecution,
      whenRoundsAreUp: continueInChild,
      whenDone: this.beforePersist(functions, props.beforePersist)?.next(publish.start) ?? publish.start,
    });
    continueInChild.next(loop.persistOrContinue);
    const initialize = initializeStep(this, functions.initialize, destination.settings);
    initialize.next(loop.fetch);

    checkSurroundingMachines(this, functions.initialize);

    this._settings = settings;
    this.cache = cache;
    this.functions = functions;
    this.continuation = continuation;
    this.startState = initialize;
    this.endStates = publish.ends;
    this.fetchFunction = functions.fetch;
    this.cacheBucket = cache.bucket;
    this.continuationStateMachine = continuation.stateMachine;
  }

  /**
   * Lets somebody read the summaries that `beforePersist` is told the key of: totals, and records as samples.
   *
   * @param grantee such as the function of a task in `beforePersist`
   * @throws Error for an import without `beforePersist`, which has no summary
   */
  public grantReadSummary(grantee: iam.IGrantable): iam.Grant {
    const where = nameOf(this);
    checkKind(where, 'grantee', grantee, required(GRANTEE));
    if (this.functions.summarize === undefined) {
      throw new Error(`${where}: there is no summary to read without states that read it; give beforePersist as well`);
    }
    return this.cache.grantReadSummary(grantee);
  }

  /**
   * The log group of the machines. `undefined` where nothing is logged.
   *
   * @internal
   */
  public get _machineLogs(): logs.ILogGroup | undefined {
    return this.continuation.logGroup;
  }

  /**
   * The resources with wildcards in the role of the machine that the import is part of.
   *
   * @internal
   */
  public _wildcards(): string[] {
    return [...this.functions.all.flatMap((fn) => fn.resourceArnsForGrantInvoke), this.continuation.executionArns];
  }

  /** The user's states after the summary that they are given, as one state: inline, their output would replace the import's state. */
  private beforePersist({ summarize }: ImportFunctions, states: sfn.IChainable | undefined): sfn.Parallel | undefined {
    if (summarize === undefined || states === undefined) return undefined;
    return new sfn.Parallel(this, StateName.BEFORE_PERSIST, { resultPath: sfn.JsonPath.DISCARD })
      .branch(summarizeStep(this, summarize).next(states));
  }

  /** `Persist -> PersistOrCleanUp -> Persist (more to do) | CleanUp` */
  private publishing(functions: ImportFunctions): Publishing {
    const persist = persistStep(this, functions.persist);
    const cleanUp = cleanUpStep(this, functions.cleanUp);
    const more: keyof PersistState = 'continue';
    const persistOrCleanUp = new sfn.Choice(this, StateName.PERSIST_OR_CLEAN_UP)
      .when(sfn.Condition.booleanEquals(`$.${more}`, true), persist)
      .otherwise(cleanUp);
    persist.next(persistOrCleanUp);
    return { start: persist, ends: cleanUp.endStates };
  }
}

interface Publishing {
  readonly start: sfn.State;
  readonly ends: sfn.INextable[];
}
