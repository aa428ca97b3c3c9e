import { ArnFormat, Duration, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge } from '../base/acknowledgements';
import { CompactRole } from '../base/compact-role';
import { ImportSettings } from './import-settings';

/** What a state machine of this package is made of. */
export interface MachineProps {
  readonly definition: sfn.IChainable;
  readonly comment: string;
  readonly stateMachineName?: string;
  readonly settings: ImportSettings;
  /** `undefined` where nothing is logged. */
  readonly logGroup?: logs.ILogGroup;
}

/** Step Functions writes to log groups below this name without an entry of their own in the account's policy, whose size is limited. */
const LOG_GROUP_PREFIX = '/aws/vendedlogs/states/';

/** Longest name of a log group. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html */
const LOG_GROUP_NAME_CHARACTERS = 512;

/**
 * The log group of all machines of an import: the name of a log stream tells which of them has written it.
 *
 * @returns `undefined` where nothing is logged
 */
export function newMachineLogs(scope: Construct, { stateMachineLogLevel, logRetention }: ImportSettings): logs.ILogGroup | undefined {
  if (stateMachineLogLevel === sfn.LogLevel.OFF) return undefined;
  return new logs.LogGroup(scope, 'Logs', {
    logGroupName: `${LOG_GROUP_PREFIX}${Names.uniqueResourceName(scope, { maxLength: LOG_GROUP_NAME_CHARACTERS - LOG_GROUP_PREFIX.length })}`,
    retention: logRetention,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}

/** A standard machine, logged without its data: events are there, but no input and no output. */
export function newMachine(scope: Construct, { definition, settings, logGroup, ...props }: MachineProps): sfn.StateMachine {
  const role = newMachineRole(scope);
  const machine = new sfn.StateMachine(scope, 'StateMachine', {
    ...props,
    role,
    stateMachineType: sfn.StateMachineType.STANDARD,
    definitionBody: sfn.DefinitionBody.fromChainable(definition),
    timeout: Duration.seconds(settings.timeoutSeconds),
    tracingEnabled: settings.tracing,
    ...logGroup !== undefined && { logs: { destination: logGroup, level: settings.stateMachineLogLevel, includeExecutionData: false } },
  });
  role.settle();
  acknowledge(role, 'AwsSolutions-IAM5[Resource::*]', 'X-Ray and the delivery of logs know no permissions on single resources.');
  return machine;
}

/** As CDK makes it: Step Functions may use it for state machines of the account only. */
function newMachineRole(scope: Construct): CompactRole {
  const stack = Stack.of(scope);
  const machines = stack.formatArn({ service: 'states', resource: 'stateMachine', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  return new CompactRole(scope, 'StateMachineRole', new iam.ServicePrincipal('states.amazonaws.com', {
    conditions: { ArnLike: { 'aws:SourceArn': machines }, StringEquals: { 'aws:SourceAccount': stack.account } },
  }));
}
