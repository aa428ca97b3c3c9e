import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ROUNDS_PER_EXECUTION } from '../protocol/defaults';
import { acknowledgeWildcards } from './base/acknowledgements';
import { Brand, mark } from './base/brand';
import { CompactRole } from './base/compact-role';
import { INSIDE_ID } from './base/construct-name';
import { Kinds, SCHEDULE, text } from './base/kinds';
import { checkProps } from './machine/check-props';
import { newMachine } from './machine/machine';
import { PaginatedImportProps, PROP_KINDS } from './machine/paginated-import-props';
import { PaginatedImport } from './paginated-import';

/** Properties of a paginated import as a state machine of its own. */
export interface PaginatedImportStateMachineProps extends PaginatedImportProps {
  /**
   * When imports are started, each with `{}` as its input. Two may run at the same time: neither touches the other's cache, and the
   * older one never replaces what the newer one has published.
   *
   * @default - only when the machine is started by something else
   */
  readonly schedule?: events.Schedule;

  /**
   * Name of the state machine, which must be free in the account and region.
   *
   * @default - drawn by CloudFormation
   */
  readonly stateMachineName?: string;
}

/**
 * Imports a paginated source of any size into S3: beyond one Lambda function's time and memory, resumable, with no record lost or
 * doubled.
 *
 * The machine's input is what the handler gets as `input`, and may be `{ "resumeFrom": "<importId>" }`. Its output is the import's
 * result: `importId`, `outcome` (`published`, `superseded` or `skipped`), `bucket`, `key`, `manifestKey`, `records`, `pages`, `bytes`,
 * `crc32` and `warnings`, an array that is empty for an import without any.
 *
 * @example
 *
 * import * as path from 'node:path';
 * import { Duration, Stack, aws_events as events, aws_s3 as s3 } from 'aws-cdk-lib';
 * import { FetchPageHandler, ImportDestination, PaginatedImportStateMachine } from 'cdk-paginated-import';
 *
 * declare const stack: Stack;
 * declare const bucket: s3.Bucket;
 *
 * new PaginatedImportStateMachine(stack, 'Orders', {
 *   fetchPage: FetchPageHandler.fromEntry(path.join(__dirname, 'orders.source.ts')),
 *   pageSize: 25,
 *   destination: ImportDestination.toBucket(bucket, { key: 'orders/{date}/{importId}.jsonl' }),
 *   schedule: events.Schedule.rate(Duration.days(1)),
 * });
 */
export class PaginatedImportStateMachine extends Construct {
  /** The state machine: a standard one, logged without its data. */
  public readonly stateMachine: sfn.StateMachine;

  /** The import that the machine consists of. */
  public readonly paginatedImport: PaginatedImport;

  constructor(scope: Construct, id: string, props: PaginatedImportStateMachineProps) {
    super(scope, id);
    checkProps(this, props, KINDS);
    const { schedule, stateMachineName, roundsPerExecution = ROUNDS_PER_EXECUTION, ...importProps } = props;
    this.paginatedImport = new PaginatedImport(this, INSIDE_ID, { ...importProps, roundsPerExecution });
    this.stateMachine = newMachine(this, {
      definition: this.paginatedImport,
      comment: 'Imports a paginated source into S3.',
      stateMachineName,
      settings: this.paginatedImport._settings,
      logGroup: this.paginatedImport._machineLogs,
    });
    acknowledgeWildcards(this.stateMachine.role, () => this.paginatedImport._wildcards(), 'Step Functions may invoke any version of the import\'s functions, '
      + 'and watch and stop the executions in which the import goes on.');
    if (schedule !== undefined) this.startOn(schedule);
  }

  /** The function that fetches the pages: grant it what the fetch-page handler needs. */
  public get fetchFunction(): lambda.Function {
    return this.paginatedImport.fetchFunction;
  }

  /** The bucket that chunks and commit log are kept in. */
  public get cacheBucket(): s3.IBucket {
    return this.paginatedImport.cacheBucket;
  }

  /**
   * Lets somebody read the summaries that `beforePersist` is told the key of: totals, and records as samples.
   *
   * @param grantee such as the function of a task in `beforePersist`
   * @throws Error for an import without `beforePersist`, which has no summary
   */
  public grantReadSummary(grantee: iam.IGrantable): iam.Grant {
    return this.paginatedImport.grantReadSummary(grantee);
  }

  /** A rule's own input would be the event, which the handler has no use for. */
  private startOn(schedule: events.Schedule): void {
    const role = new CompactRole(this, 'ScheduleRole', new iam.ServicePrincipal('events.amazonaws.com'));
    new events.Rule(this, 'Schedule', {
      schedule,
      targets: [new targets.SfnStateMachine(this.stateMachine, { role, input: events.RuleTargetInput.fromObject({}) })],
    });
    role.settle();
  }
}

mark(PaginatedImportStateMachine, Brand.STATE_MACHINE);

const KINDS: Kinds<PaginatedImportStateMachineProps> = { ...PROP_KINDS, schedule: SCHEDULE, stateMachineName: text('a string such as \'orders-import\'') };
