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

/** Options of `LocalCloud.start`. Name a resource by its construct path, the end of the path, or its logical id. */
export interface LocalCloudOptions {
  /** The cloud assembly: the output folder of `cdk synth`, or the result of `app.synth()`. */
  readonly assembly: string | { readonly directory: string };
  /**
   * Functions that replace Lambda functions, for example those that are not Node.js code.
   * @default - none
   */
  readonly functions?: Readonly<Record<string, Replacement>>;
  /**
   * Environment variables for the Lambda functions in a construct, by its path: `{ 'MyStack/Orders': { API_URL: server.url } }`. They
   * are added to the template's variables, or replace them. An inner construct overrides an outer one.
   *
   * Functions do not see the variables of this process.
   * @default - the template's variables
   */
  readonly environment?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /**
   * Overrides for single Lambda functions: environment variables, which override `environment`, or the folder of their code.
   * @default - nothing
   */
  readonly overrides?: Readonly<Record<string, FunctionOverrides>>;
  /**
   * Functions that do the work of Task states that call other services, by state name.
   * @default - none
   */
  readonly tasks?: Readonly<Record<string, TaskReplacement>>;
  /** Real seconds per second of Wait states and of delays before retries, from 0. @default 1 */
  readonly timeScale?: number;
  /**
   * Receives every line that a Lambda function logs. All lines of an invocation arrive before it ends.
   * @default - lines are dropped
   */
  readonly onLine?: (line: FunctionLogLine) => void;
  /** Names of buckets that the assembly uses but does not create. @default - none */
  readonly buckets?: readonly string[];
  /** Faults to inject. Afterwards `faultsNotInjected` lists those that did not occur. @default - none */
  readonly faults?: readonly Fault[];
}

/**
 * Runs a cloud assembly's state machines on this computer: the synthesized definitions and the Lambda code that would be deployed, over an
 * in-process S3 server, under AWS's quotas. Objects are kept in memory and dropped when it stops.
 *
 * A function's memory limit covers its JavaScript heap, not buffers outside it.
 */
export class LocalCloud implements AsyncDisposable {
  /**
   * Starts the services and creates the buckets.
   *
   * @throws AssemblyError if there is no assembly, or if a name in the options matches none of its resources
   */
  public static async start(options: LocalCloudOptions): Promise<LocalCloud> {
    requireNodeVersion(process.versions.node);
    const assembly = Assembly.read(typeof options.assembly === 'string' ? options.assembly : options.assembly.directory);
    // Checks the options first: from here on, there are servers to close.
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
    /** The S3 server, to inspect buckets or to intercept requests. */
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
   * @param stateMachine construct path, end of the path, or logical id: of the machine, or of a construct with one machine in it that no
   * other machine starts, such as an import. Optional if the whole assembly has only one such machine
   * @param input any JSON
   * @throws AssemblyError if the name matches none or several; StepFunctionsError if Step Functions would refuse to start it
   */
  public startExecution(stateMachine: string | undefined, input: unknown = {}, options: StartOptions = {}): Execution {
    return this.machines.start(this.findStateMachine(stateMachine).arn, input, options);
  }

  /** The faults that have occurred so far, in order, with one entry for each time. */
  public get injectedFaults(): readonly InjectedFault[] {
    return [...this.faults.injected];
  }

  /**
   * The faults that have not occurred so far. A successful import proves nothing about them, so a test should expect this list to be
   * empty. A fault occurs when its page is fetched, or committed, in the import that it applies to.
   */
  public get faultsNotInjected(): readonly Fault[] {
    return this.faults.notInjected;
  }

  /** The physical name of a bucket of the assembly. @throws AssemblyError if the name matches none or several */
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

  /** Stops everything that is running and drops all objects. */
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
