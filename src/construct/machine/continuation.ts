import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { LoopState } from '../../protocol/machine-state';
import { StateName } from '../../protocol/state-names';
import { acknowledgeWildcards } from '../base/acknowledgements';
import { readingExecutionsOf } from './encryption';
import { fetchLoop } from './fetch-loop';
import { ImportSettings } from './import-settings';
import { newMachine, newMachineLogs } from './machine';
import { retryStart } from './retries';
import { StartEncryptedExecution } from './start-encrypted-execution';
import { EXECUTION_REDRIVES } from './steps';

export interface ContinuationProps {
  readonly fetchFunction: lambda.Function;
  readonly source: string | undefined;
  readonly settings: ImportSettings;
}

/**
 * The loop as a separate machine, whose executions continue an import after its maximum rounds. A history may not exceed 25,000 events, and
 * a machine cannot start itself without a dependency cycle in the template.
 */
export class Continuation extends Construct {
  public readonly stateMachine: sfn.StateMachine;

  /** Log group of this machine and of the import's own. `undefined` if logging is off. */
  public readonly logGroup?: logs.ILogGroup;

  constructor(scope: Construct, id: string, private readonly props: ContinuationProps) {
    super(scope, id);
    this.logGroup = newMachineLogs(this, props.settings);
    this.stateMachine = newMachine(this, {
      definition: this.definition(),
      comment: 'Continues a paginated import, which starts it. Do not start it by hand.',
      settings: props.settings,
      logGroup: this.logGroup,
    });
    acknowledgeWildcards(this.stateMachine.role, () => props.fetchFunction.resourceArnsForGrantInvoke,
      'Step Functions may invoke any version of the fetch function.');
  }

  /** ARN pattern of the executions, as in the role of a machine that starts them. */
  public get executionArns(): string {
    const stack = Stack.of(this);
    const { resourceName } = stack.splitArn(this.stateMachine.stateMachineArn, ArnFormat.COLON_RESOURCE_NAME);
    return stack.formatArn({ service: 'states', resource: 'execution', arnFormat: ArnFormat.COLON_RESOURCE_NAME, resourceName: `${resourceName}*` });
  }

  /**
   * The state that continues in a child execution and waits for it. So whatever waits for the import waits for all of it, and stopping the
   * import stops the child. The next state must be the loop's choice, which starts another child if the source has not ended.
   */
  public startIn(scope: Construct): tasks.StepFunctionsStartExecution {
    const { encryptionKey } = this.props.settings;
    const task = new StartEncryptedExecution(scope, StateName.CONTINUE_IN_CHILD, {
      stateMachine: this.stateMachine,
      integrationPattern: sfn.IntegrationPattern.RUN_JOB,
      associateWithParent: true,
      input: sfn.TaskInput.fromObject(loopStateFrom('$', { round: 0, parentRedriveCount: sfn.JsonPath.numberAt(EXECUTION_REDRIVES) })),
      // This execution's rounds stay used up.
      resultSelector: loopStateFrom('$.Output', { round: this.props.settings.roundsPerExecution, parentRedriveCount: 0 }),
    }, encryptionKey === undefined ? [] : [readingExecutionsOf(this.stateMachine, encryptionKey)]);
    retryStart(task);
    return task;
  }

  private definition(): sfn.IChainable {
    const done = new sfn.Succeed(this, StateName.DONE);
    return fetchLoop(this, {
      fetchFunction: this.props.fetchFunction,
      source: this.props.source,
      roundsPerExecution: this.props.settings.roundsPerExecution,
      whenRoundsAreUp: done,
      whenDone: done,
    }).persistOrContinue;
  }
}

/** The fields of the loop's state that stay within one execution. */
type OfOneExecution = Pick<LoopState, 'round' | 'parentRedriveCount'>;

/** The fields of the loop's state that a child receives and returns. */
const HANDED_ON: { readonly [field in Exclude<keyof LoopState, keyof OfOneExecution>]: true } = {
  importId: true,
  continue: true,
  waitSeconds: true,
  waitedSeconds: true,
  failedAttempts: true,
  redriveCount: true,
  chunks: true,
  pages: true,
  records: true,
};

/** The loop's state from a path, with the execution's own fields. */
function loopStateFrom(path: string, own: OfOneExecution): { [field: string]: unknown } {
  const fields = Object.keys(HANDED_ON).map((field) => [field, sfn.JsonPath.objectAt(`${path}.${field}`)]);
  return { ...Object.fromEntries(fields), ...own };
}
