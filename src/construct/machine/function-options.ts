import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { checkWholeNumber, refusal } from '../base/validation';

/** Network and concurrency of a function. */
export interface FunctionOptions {
  readonly vpc?: ec2.IVpc;
  readonly vpcSubnets?: ec2.SubnetSelection;
  readonly securityGroups?: ec2.ISecurityGroup[];
  readonly reservedConcurrentExecutions?: number;
}

/**
 * Picks and checks the network and the concurrency of the functions.
 *
 * @param path prefix of the names in messages, such as "fetchFunction."
 */
export function functionOptionsOf(where: string, given: FunctionOptions, path = ''): FunctionOptions {
  const { vpc, vpcSubnets, securityGroups, reservedConcurrentExecutions } = given;
  if (vpc === undefined && (vpcSubnets !== undefined || securityGroups !== undefined)) {
    throw refusal(where, `${path}${vpcSubnets === undefined ? 'securityGroups' : 'vpcSubnets'}`, 'is given without a VPC', `${path}vpc as well`);
  }
  if (reservedConcurrentExecutions !== undefined) {
    checkWholeNumber(where, `${path}reservedConcurrentExecutions`, reservedConcurrentExecutions, { min: 1 });
  }
  return { vpc, vpcSubnets, securityGroups: securityGroups && [...securityGroups], reservedConcurrentExecutions };
}

/** The same for the fetch function. With a VPC of its own, it shares no part of the others' network. */
export function fetchFunctionOptionsOf(where: string, common: FunctionOptions, given: FunctionOptions): FunctionOptions {
  const network = given.vpc === undefined ? common : {};
  return functionOptionsOf(where, {
    vpc: given.vpc ?? network.vpc,
    vpcSubnets: given.vpcSubnets ?? network.vpcSubnets,
    securityGroups: given.securityGroups ?? network.securityGroups,
    reservedConcurrentExecutions: given.reservedConcurrentExecutions ?? common.reservedConcurrentExecutions,
  }, 'fetchFunction.');
}
