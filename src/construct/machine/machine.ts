import { ArnFormat, Duration, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { LOG_GROUP_NAME_CHARACTERS } from '../../protocol/limits';
import { acknowledge } from '../base/acknowledgements';
import { CompactRole } from '../base/compact-role';
import { encryptMachine } from './encryption';
import { ImportSettings } from './import-settings';

export interface MachineProps {
  readonly definition: sfn.IChainable;
  readonly comment: string;
  readonly stateMachineName?: string;
  readonly settings: ImportSettings;
  /** `undefined` if logging is off. */
  readonly logGroup?: logs.ILogGroup;
}

/** Log groups with this prefix need no entry of their own in the account's resource policy, whose size is limited. */
const LOG_GROUP_PREFIX = '/aws/vendedlogs/states/';

/**
 * The log group of all machines of an import: a log stream's name contains the machine's.
 *
 * @returns `undefined` if logging is off
 */
export function newMachineLogs(scope: Construct, settings: ImportSettings): logs.ILogGroup | undefined {
  const { stateMachineLogLevel, logRetention, encryptionKey } = settings;
  if (stateMachineLogLevel === sfn.LogLevel.OFF) return undefined;
  return new logs.LogGroup(scope, 'Logs', {
    logGroupName: `${LOG_GROUP_PREFIX}${Names.uniqueResourceName(scope, { maxLength: LOG_GROUP_NAME_CHARACTERS - LOG_GROUP_PREFIX.length })}`,
    retention: logRetention,
    encryptionKey,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}

/** A standard machine. Its logs have events, but no inputs or outputs. */
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
  if (settings.encryptionKey !== undefined) encryptMachine(machine, settings.encryptionKey, logGroup !== undefined);
  role.settle();
  acknowledge(role, 'AwsSolutions-IAM5[Resource::*]', 'X-Ray and log delivery do not support resource-level permissions.');
  return machine;
}

/** Like CDK's own role: Step Functions may assume it only for state machines of this account. */
function newMachineRole(scope: Construct): CompactRole {
  const stack = Stack.of(scope);
  const machines = stack.formatArn({ service: 'states', resource: 'stateMachine', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  return new CompactRole(scope, 'StateMachineRole', new iam.ServicePrincipal('states.amazonaws.com', {
    conditions: { ArnLike: { 'aws:SourceArn': machines }, StringEquals: { 'aws:SourceAccount': stack.account } },
  }));
}
