import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';

const ACTIONS = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * Allows what Lambda needs for a function in a VPC, but not to the code of the function. Lambda itself makes these calls without a source
 * function. https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 *
 * The function's own ARN would make role and function depend on each other. No other function has this role, so a wildcard denies the same.
 */
export function allowNetworkInterfaces(role: iam.Role): void {
  const functions = Stack.of(role).formatArn({ service: 'lambda', resource: 'function', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ACTIONS, resources: ['*'] }));
  role.addToPrincipalPolicy(new iam.PolicyStatement({
    effect: iam.Effect.DENY,
    actions: [...ACTIONS, 'ec2:DetachNetworkInterface'],
    resources: ['*'],
    conditions: { ArnEquals: { 'lambda:SourceFunctionArn': functions } },
  }));
}
