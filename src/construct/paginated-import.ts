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
   * Grants read access to the summary that the states of `beforePersist` receive the key of: totals and sample records.
   *
   * @param grantee for example the function of a task in `beforePersist`
   * @throws Error if the import has no `beforePersist`, and therefore no summary
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
