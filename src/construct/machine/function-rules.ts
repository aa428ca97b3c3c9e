import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { acknowledge } from '../base/acknowledgements';
import { acknowledgeRule, RulePack } from '../base/rule-packs';

/** Acknowledges cdk-nag's rules that a function of an import cannot follow, or has no use for. */
export function acknowledgeFunctionRules(fn: lambda.Function, role: iam.Role): void {
  acknowledge(role, 'AwsSolutions-IAM5[Resource::*]', 'X-Ray and network interfaces do not support resource-level permissions.');
  acknowledgeRule(role, [RulePack.SERVERLESS], 'LambdaStarPermissions', 'X-Ray and network interfaces do not support resource-level permissions, and the '
    + 'ids in the keys of an import are generated at run time. AwsSolutions-IAM5 names each wildcard.');
  acknowledgeRule(fn, [RulePack.HIPAA, RulePack.NIST, RulePack.SERVERLESS], 'LambdaDLQ', 'Step Functions invokes the function synchronously, and Lambda sends '
    + 'only asynchronous events to a dead letter queue. A failed invocation is retried or fails the execution.');
}
