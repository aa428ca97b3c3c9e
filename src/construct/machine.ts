import { Duration, Names, RemovalPolicy } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledgements';

/** What a state machine of this package is made of. */
export interface MachineProps {
  readonly definition: sfn.IChainable;
  readonly comment: string;
  readonly stateMachineName?: string;
  readonly timeoutSeconds: number;
  readonly logRetention: logs.RetentionDays;
}

/** Step Functions writes to log groups below this name without an entry of their own in the account's policy, whose size is limited. */
const LOG_GROUP_PREFIX = '/aws/vendedlogs/states/';

/** Longest name of a log group. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html */
const LOG_GROUP_NAME_CHARACTERS = 512;

/** A standard machine, traced, and logged without its data: every event is there, but no input and no output. */
export function newMachine(scope: Construct, { definition, timeoutSeconds, logRetention, ...props }: MachineProps): sfn.StateMachine {
  const logGroup = new logs.LogGroup(scope, 'Logs', {
    logGroupName: `${LOG_GROUP_PREFIX}${Names.uniqueResourceName(scope, { maxLength: LOG_GROUP_NAME_CHARACTERS - LOG_GROUP_PREFIX.length })}`,
    retention: logRetention,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const machine = new sfn.StateMachine(scope, 'StateMachine', {
    ...props,
    stateMachineType: sfn.StateMachineType.STANDARD,
    definitionBody: sfn.DefinitionBody.fromChainable(definition),
    timeout: Duration.seconds(timeoutSeconds),
    tracingEnabled: true,
    logs: { destination: logGroup, level: sfn.LogLevel.ALL, includeExecutionData: false },
  });
  acknowledge(machine.role, 'AwsSolutions-IAM5[Resource::*]', 'X-Ray and the delivery of logs know no permissions on single resources.');
  return machine;
}
