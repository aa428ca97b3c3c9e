import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { warn, WarningId } from '../base/warnings';
import { ImportSettings } from './import-settings';

/** Encryption of log groups and machines with a key of the user. https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html */

/** The encryption context that Step Functions gives, and KMS requires again to decrypt. */
const MACHINE_CONTEXT = 'kms:EncryptionContext:aws:states:stateMachineArn';

/** Lets CloudWatch Logs use the key of an import, or warns if only its owner can. */
export function openKeyToLogs(scope: Construct, { encryptionKey, stateMachineLogLevel }: ImportSettings): void {
  if (encryptionKey === undefined) return;
  const statements = [logGroups(scope), ...stateMachineLogLevel === sfn.LogLevel.OFF ? [] : [logDelivery()]];
  const added = statements.map((statement) => encryptionKey.addToResourcePolicy(statement).statementAdded);
  if (added.every((isAdded) => isAdded)) return;
  warn(scope, WarningId.ENCRYPTION_KEY_POLICY, 'encryptionKey is imported, and CDK cannot change its policy. Without a statement for CloudWatch Logs, the log groups '
    + 'cannot be created, and the state machines cannot log. docs/company-policies.md has the statements.');
}

/** Both log groups. A group's own ARN would make group and key depend on each other. */
function logGroups(scope: Construct): iam.PolicyStatement {
  const stack = Stack.of(scope);
  const groups = stack.formatArn({ service: 'logs', resource: 'log-group', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  return new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
    actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    resources: ['*'],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': groups } },
  });
}

/** The service that takes the events of an encrypted machine to its log group. */
function logDelivery(): iam.PolicyStatement {
  return new iam.PolicyStatement({ principals: [new iam.ServicePrincipal('delivery.logs.amazonaws.com')], actions: ['kms:Decrypt'], resources: ['*'] });
}

/**
 * Encrypts a machine, before its role is settled.
 *
 * By L1: with CDK's own property, the role of a machine without a name may use the key for a machine named '' and no other. The machine's
 * own ARN would make role and machine depend on each other. `kms:ViaService` must not be here: Step Functions calls KMS as the role.
 */
export function encryptMachine(machine: sfn.StateMachine, key: kms.IKey, hasLogs: boolean): void {
  const stack = Stack.of(machine);
  const resource = machine.node.defaultChild as sfn.CfnStateMachine;
  resource.encryptionConfiguration = { type: 'CUSTOMER_MANAGED_KMS_KEY', kmsKeyId: key.keyArn };
  const machines = stack.formatArn({ service: 'states', resource: 'stateMachine', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  machine.addToRolePolicy(new iam.PolicyStatement({
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn], conditions: { StringLike: { [MACHINE_CONTEXT]: machines } },
  }));
  if (!hasLogs) return;
  machine.addToRolePolicy(new iam.PolicyStatement({
    actions: ['kms:GenerateDataKey'],
    resources: [key.keyArn],
    conditions: { StringEquals: { 'kms:EncryptionContext:SourceArn': logsOf(stack) } },
  }));
}

function logsOf(stack: Stack): string {
  return stack.formatArn({ service: 'logs', resource: '*', arnFormat: ArnFormat.NO_RESOURCE_NAME });
}

/** What a machine needs to read executions of an encrypted one, as it does to wait for them. */
export function readingExecutionsOf(machine: sfn.StateMachine, key: kms.IKey): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: ['kms:Decrypt'], resources: [key.keyArn], conditions: { StringEquals: { [MACHINE_CONTEXT]: machine.stateMachineArn } },
  });
}
