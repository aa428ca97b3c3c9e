import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { PaginatedImportProps } from '../../src';
import { flat, functionOf, importStack, ImportStack, Properties, propertiesOf, statementsOf, StepName, TestStack } from './kit';

const STEPS: readonly StepName[] = ['Initialize', 'Fetch', 'Summarize', 'Persist', 'CleanUp'];

/** The statements about network interfaces of the fetch function's role. */
function networkStatements(build: Parameters<typeof importStack>[0]): Properties[] {
  const { template, orders } = importStack(build);
  return statementsOf(template, functionOf(orders.paginatedImport, 'Fetch').role!).filter(({ Action }) => [Action].flat().join().includes('ec2:'));
}

test('a function in a VPC may manage network interfaces, but its own code may not', () => {
  const [allow, deny, ...others] = networkStatements((stack) => ({ fetchFunction: { vpc: new ec2.Vpc(stack, 'Vpc') } }));
  expect(others).toEqual([]);
  expect(allow!.Effect).toBe('Allow');
  expect(deny!.Effect).toBe('Deny');
  expect(deny!.Resource).toBe('*');
  expect(allow!.Action.filter((action: string) => !deny!.Action.includes(action))).toEqual([]);
  expect(flat(deny!.Condition.ArnEquals['lambda:SourceFunctionArn'])).toBe('arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:*');
});

test('a function outside a VPC has no say in networks', () => {
  expect(networkStatements(() => ({}))).toEqual([]);
});

describe('the network of all functions', () => {
  const vpcConfigs = ({ template, orders }: ImportStack): readonly Properties[] =>
    STEPS.map((step) => propertiesOf(template, functionOf(orders.paginatedImport, step)).VpcConfig);

  const isolated = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };

  const inVpc = (stack: TestStack): Partial<PaginatedImportProps> => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
    return { vpc, vpcSubnets: isolated, securityGroups: [new ec2.SecurityGroup(stack, 'Group', { vpc })], beforePersist: new sfn.Pass(stack, 'Check') };
  };

  const OF_ALL = {
    SecurityGroupIds: [{ 'Fn::GetAtt': [expect.stringMatching(/^Group/), 'GroupId'] }],
    SubnetIds: [{ Ref: expect.stringMatching(/^VpcIsolated/) }, { Ref: expect.stringMatching(/^VpcIsolated/) }],
  };

  test('is the same, with the permissions for it', () => {
    const synthesized = importStack(inVpc);
    expect(vpcConfigs(synthesized)).toEqual(STEPS.map(() => OF_ALL));
    const { template, orders } = synthesized;
    for (const step of STEPS) {
      const effects = statementsOf(template, functionOf(orders.paginatedImport, step).role!)
        .filter(({ Action }) => [Action].flat().includes('ec2:CreateNetworkInterface')).map(({ Effect }) => Effect);
      expect(effects).toEqual(['Allow', 'Deny']);
    }
  });

  test('has a security group for each function unless one is given', () => {
    const configs = vpcConfigs(importStack((stack) => ({ ...inVpc(stack), securityGroups: undefined })));
    expect(new Set(configs.map(({ SecurityGroupIds: [group] }) => group['Fn::GetAtt'][0])).size).toBe(STEPS.length);
  });

  test('may be another one for the fetch function, which then shares no part of it', () => {
    const [initialize, fetch] = vpcConfigs(importStack((stack) => ({ ...inVpc(stack), fetchFunction: { vpc: new ec2.Vpc(stack, 'Source', { maxAzs: 1 }) } })));
    expect(initialize).toEqual(OF_ALL);
    expect(fetch!.SubnetIds).toEqual([{ Ref: expect.stringMatching(/^SourcePrivate/) }]);
    expect(fetch!.SecurityGroupIds).toEqual([{ 'Fn::GetAtt': [expect.stringMatching(/FetchFunctionSecurityGroup/), 'GroupId'] }]);
  });

  test('may have other security groups or subnets for the fetch function', () => {
    const [initialize, fetch] = vpcConfigs(importStack((stack) => {
      const props = inVpc(stack);
      return { ...props, fetchFunction: { securityGroups: [new ec2.SecurityGroup(stack, 'Other', { vpc: props.vpc! })] } };
    }));
    expect(initialize).toEqual(OF_ALL);
    expect(fetch).toEqual({ ...OF_ALL, SecurityGroupIds: [{ 'Fn::GetAtt': [expect.stringMatching(/^Other/), 'GroupId'] }] });
  });

  test.each<[string, Partial<PaginatedImportProps>, string]>([
    ['subnets', { vpcSubnets: isolated }, 'vpcSubnets is given without a VPC; write vpc as well instead'],
    ['security groups', { securityGroups: [] }, 'securityGroups is given without a VPC; write vpc as well instead'],
  ])('is refused with %s alone', (_name, props, message) => {
    expect(() => importStack(() => props)).toThrow(`PaginatedImportStateMachine (Stack/Orders): ${message}`);
  });
});

describe('reserved concurrency', () => {
  const reservedOf = ({ template, orders }: ImportStack): unknown[] =>
    STEPS.map((step) => propertiesOf(template, functionOf(orders.paginatedImport, step)).ReservedConcurrentExecutions);

  const reservedWith = (props: Partial<PaginatedImportProps>): unknown[] =>
    reservedOf(importStack((stack) => ({ beforePersist: new sfn.Pass(stack, 'Check'), ...props })));

  test('is that of each function', () => {
    expect(reservedWith({ reservedConcurrentExecutions: 3 })).toEqual([3, 3, 3, 3, 3]);
  });

  test('may differ for the fetch function', () => {
    const fetchFunction = { reservedConcurrentExecutions: 10 };
    expect(reservedWith({ reservedConcurrentExecutions: 3, fetchFunction })).toEqual([3, 10, 3, 3, 3]);
    expect(reservedWith({ fetchFunction })).toEqual([undefined, 10, undefined, undefined, undefined]);
  });

  test.each<[Partial<PaginatedImportProps>, string]>([
    [{ reservedConcurrentExecutions: 0 }, 'reservedConcurrentExecutions is 0; write a whole number of at least 1 instead'],
    [{ fetchFunction: { reservedConcurrentExecutions: 0.5 } }, 'fetchFunction.reservedConcurrentExecutions is 0.5, not a whole number'],
  ])('is refused as %j', (props, message) => {
    expect(() => importStack(() => props)).toThrow(message);
  });
});
