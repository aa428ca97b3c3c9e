import { Duration } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { ARCHITECTURE, duration, Kinds, LAYER, listOf, mapOf, SECURITY_GROUP, SUBNETS, text, VPC, wholeNumber } from '../base/kinds';

/** Options of the Lambda function that fetches the pages. */
export interface FetchFunctionOptions {
  /**
   * Memory of the function in MiB, from 128 to 10,240. CPU and network grow with it: 1,769 MiB equal one vCPU.
   *
   * A page or a chunk may use at most an eighth of it, and a page at most 256 MiB.
   *
   * @default 1024
   */
  readonly memorySize?: number;

  /**
   * Maximum duration of one invocation, from 1 second to the 15 minutes that Lambda allows. An invocation fetches pages as long as there is
   * time for another one, so a longer timeout means fewer state transitions, not larger pages.
   *
   * @default Duration.minutes(15)
   */
  readonly timeout?: Duration;

  /**
   * Environment variables for the fetch-page handler. Names that begin with `PAGINATED_IMPORT_` are reserved for this package. Do not put
   * secrets here: pass a secret's ARN, and grant the function read access to it.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };

  /**
   * VPC to run this function in, for sources that are not on the internet. The subnets need a route to S3, such as a gateway endpoint.
   *
   * @default - the network of all functions (the import's `vpc`)
   */
  readonly vpc?: ec2.IVpc;

  /**
   * Subnets of the VPC. Needs `vpc`, here or for all functions.
   *
   * @default - without a `vpc` here, those of all functions; with one, its private subnets
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Security groups of the function. Needs `vpc`, here or for all functions.
   *
   * @default - without a `vpc` here, those of all functions; with one, a new one that allows all outbound traffic
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * Invocations of this function that may run at the same time, at least 1. See the import's `reservedConcurrentExecutions`.
   *
   * @default - the import's `reservedConcurrentExecutions`
   */
  readonly reservedConcurrentExecutions?: number;

  /**
   * Lambda layers for the fetch-page handler, at most 5 (Lambda's limit).
   *
   * @default - none
   */
  readonly layers?: lambda.ILayerVersion[];

  /**
   * Processor architecture of the function. Change it if a layer or extension exists for only one architecture; Arm costs about 20% less.
   *
   * @default lambda.Architecture.ARM_64
   */
  readonly architecture?: lambda.Architecture;
}

/** What each option must be. */
export const FETCH_FUNCTION_KINDS: Kinds<FetchFunctionOptions> = {
  memorySize: wholeNumber(2048, ' of MiB'),
  timeout: duration('Duration.minutes(15)'),
  environment: mapOf(text('a string'), '{ API_URL: \'https://api.example.com\' }'),
  vpc: VPC,
  vpcSubnets: SUBNETS,
  securityGroups: listOf(SECURITY_GROUP, 'a list of ec2.ISecurityGroup'),
  reservedConcurrentExecutions: wholeNumber(10),
  layers: listOf(LAYER, 'a list of lambda.ILayerVersion'),
  architecture: ARCHITECTURE,
};
