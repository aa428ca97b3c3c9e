import { Assembly, findResource } from './assembly/assembly';
import { AssemblyBucket, bucketsOf } from './assembly/buckets';
import { FunctionOverrides } from './assembly/functions';
import { isAddressedBy, isWithin } from './assembly/resource';
import { AssemblyStateMachine, stateMachinesOf } from './assembly/state-machines';
import { Fault } from './faults/fault';
import { FaultPlan, InjectedFault } from './faults/fault-plan';
import { FunctionLogLine } from './lambda/invocation';
import { LambdaEndpoint, startLambdaEndpoint } from './lambda/lambda-endpoint';
import { LambdaService } from './lambda/lambda-service';
import { Replacement } from './lambda/replacement-function';
import { requireNodeVersion } from './node-version';
import { LocalS3, startLocalS3 } from './s3/local-s3';
import { Execution } from './state-machine/execution';
import { StartOptions, StateMachineService } from './state-machine/state-machine-service';
import { TaskReplacement } from './state-machine/task-resources';
import { invokableFunctions, requireFunctions } from './wanted-functions';

/** Resources are named by their construct path, the end of it, or their logical id. */
export interface LocalCloudOptions {
  /** The cloud assembly: the folder that `cdk synth` wrote, or what `app.synth()` returned. */
  readonly assembly: string | { readonly directory: string };
  /**
   * Functions that stand in for Lambda functions which are not Node.js code, or which the caller wants to replace.
   * @default - none
   */
  readonly functions?: Readonly<Record<string, Replacement>>;
  /**
   * Environment variables for the Lambda functions in a construct, by its path: `{ 'MyStack/Orders': { API_URL: server.url } }`. They
   * are added to the variables of the template, or replace them. An inner construct's win over those of one around it.
   *
   * Functions do not see the variables of this process.
   * @default - those of the template
   */
  readonly environment?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /**
   * What to change in single Lambda functions: environment variables, which win over those of `environment`, or the folder of their code.
   * @default - nothing
   */
  readonly overrides?: Readonly<Record<string, FunctionOverrides>>;
  /**
   * Functions that do the work of Task states which call other services, by state name.
   * @default - none
   */
  readonly tasks?: Readonly<Record<string, TaskReplacement>>;
  /** Real seconds for each second of Wait states and of delays before retries, from 0. @default 1 */
  readonly timeScale?: number;
  /**
   * Is told every line that a Lambda function writes to its log. All lines of an invocation come before its end.
   * @default - lines are dropped
   */
  readonly onLine?: (line: FunctionLogLine) => void;
  /** Buckets that the assembly uses and does not make, by name. @default - none */
  readonly buckets?: readonly string[];
  /** What goes wrong in the imports. Afterwards `faultsNotInjected` tells which of it has not. @default - nothing */
  readonly faults?: readonly Fault[];
}

/**
 * A cloud assembly's state machines on this computer: the synthesized definitions with the Lambda code that would be deployed, over an S3
 * server in this process, under AWS's quotas. Objects are kept in memory and go when it is stopped.
 *
 * A function's memory limit covers its JavaScript heap, not the buffers outside of it.
 */
export class LocalCloud implements AsyncDisposable {
  /**
   * Starts the services and creates the buckets.
   *
   * @throws AssemblyError where there is no assembly, or where a name in the options means no resource of it
   */
  public static async start(options: LocalCloudOptions): Promise<LocalCloud> {
    requireNodeVersion(process.versions.node);
    const assembly = Assembly.read(typeof options.assembly === 'string' ? options.assembly : options.assembly.directory);
    // All that can be wrong with the options comes first: after it there are servers to close.
    requireFunctions(assembly, options);
    const buckets = bucketsOf(assembly);
    const stateMachines = stateMachinesOf(assembly);
    const s3 = await startLocalS3();
    [...buckets.map(({ name }) => name), ...options.buckets ?? []].forEach((name) => s3.createBucket(name));
    const lambda = new LambdaService();
    const endpoint = await startLambdaEndpoint(lambda);
    const endpoints = { ...s3.environment, AWS_ENDPOINT_URL_LAMBDA: endpoint.url };
    const faults = new FaultPlan(options.faults ?? []);
    if (!faults.isEmpty) s3.intercept(async (request) => faults.intervene(request));
    invokableFunctions(assembly, options, endpoints, faults).forEach((lambdaFunction) => lambda.add(lambdaFunction));
    return new LocalCloud(s3, lambda, endpoint, buckets, stateMachines, faults, options);
  }

  private readonly machines: StateMachineService;

  private constructor(
    /** The S3 server, to look into buckets or to interfere with requests. */
    public readonly s3: LocalS3,
    private readonly lambda: LambdaService,
    private readonly lambdaEndpoint: LambdaEndpoint,
    private readonly buckets: readonly AssemblyBucket[],
    private readonly stateMachines: readonly AssemblyStateMachine[],
    private readonly faults: FaultPlan,
    { tasks, timeScale }: LocalCloudOptions,
  ) {
    this.machines = new StateMachineService(stateMachines, { lambda, tasks, timeScale });
  }

  /**
   * Starts an execution.
   *
   * @param stateMachine construct path, end of it, or logical id; of the machine, or of a construct with one machine in it that no other
   * machine starts, such as an import. May be left out where the whole assembly has one such machine
   * @param input any JSON
   * @throws AssemblyError where the name means none or several; StepFunctionsError where Step Functions would refuse to start it
   */
  public startExecution(stateMachine: string | undefined, input: unknown = {}, options: StartOptions = {}): Execution {
    return this.machines.start(this.findStateMachine(stateMachine).arn, input, options);
  }

  /** The faults that have struck so far, in their order: one entry for each time. */
  public get injectedFaults(): readonly InjectedFault[] {
    return [...this.faults.injected];
  }

  /**
   * The faults that have not struck so far: of those an import that succeeds proves nothing. A test does well to expect that there are
   * none. A fault strikes where its page is asked for, or committed, in the import that it is aimed at.
   */
  public get faultsNotInjected(): readonly Fault[] {
    return this.faults.notInjected;
  }

  /** The physical name of a bucket of the assembly. @throws AssemblyError where the name means none or several */
  public bucketName(bucket: string): string {
    return findResource(this.buckets, bucket, 'Bucket').name;
  }

  private findStateMachine(address: string | undefined): AssemblyStateMachine {
    if (address === undefined) return findResource(this.startedByNoOther(), undefined, 'State machine');
    const isNamed = this.stateMachines.some(({ resource }) => isAddressedBy(resource, address));
    const within = isNamed ? [] : this.startedByNoOther().filter(({ resource }) => isWithin(resource, address));
    return within.length === 1 ? within[0]! : findResource(this.stateMachines, address, 'State machine');
  }

  private startedByNoOther(): readonly AssemblyStateMachine[] {
    if (this.stateMachines.length < 2) return this.stateMachines;
    const definitions = this.stateMachines.map((machine) => JSON.stringify(machine.definition()));
    return this.stateMachines.filter(({ arn }) => !definitions.some((definition) => definition.includes(JSON.stringify(arn))));
  }

  /** Ends everything that runs and drops all objects. */
  public async stop(): Promise<void> {
    await this.machines.close();
    await this.lambda.close();
    await this.lambdaEndpoint.close();
    await this.s3.close();
  }

  public async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
