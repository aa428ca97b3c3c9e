import { Assembly, findResource } from './assembly/assembly';
import { AssemblyBucket, bucketsOf } from './assembly/buckets';
import { FunctionOverrides, functionsOf } from './assembly/functions';
import { isAddressedBy, Resource } from './assembly/resource';
import { AssemblyStateMachine, stateMachinesOf } from './assembly/state-machines';
import { DeferredFunction } from './lambda/deferred-function';
import { FunctionDefinition } from './lambda/function-definition';
import { FunctionLogLine, InvokableFunction } from './lambda/invocation';
import { LambdaEndpoint, startLambdaEndpoint } from './lambda/lambda-endpoint';
import { LambdaService } from './lambda/lambda-service';
import { LocalFunction } from './lambda/local-function';
import { Replacement, ReplacementFunction } from './lambda/replacement-function';
import { requireNodeVersion } from './node-version';
import { LocalS3, startLocalS3 } from './s3/local-s3';
import { Execution } from './state-machine/execution';
import { StartOptions, StateMachineService } from './state-machine/state-machine-service';
import { TaskReplacement } from './state-machine/task-resources';

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
   * What to change in Lambda functions that run here: environment variables, or the folder of their code.
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
  /** Is told every line that a Lambda function writes. @default - nobody is told */
  readonly onLine?: (line: FunctionLogLine) => void;
  /** Buckets that the assembly uses and does not make, by name. @default - none */
  readonly buckets?: readonly string[];
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
    invokableFunctions(assembly, options, endpoints).forEach((lambdaFunction) => lambda.add(lambdaFunction));
    return new LocalCloud(s3, lambda, endpoint, buckets, stateMachines, options);
  }

  private readonly machines: StateMachineService;

  private constructor(
    /** The S3 server, to look into buckets or to interfere with requests. */
    public readonly s3: LocalS3,
    private readonly lambda: LambdaService,
    private readonly lambdaEndpoint: LambdaEndpoint,
    private readonly buckets: readonly AssemblyBucket[],
    private readonly stateMachines: readonly AssemblyStateMachine[],
    { tasks, timeScale }: LocalCloudOptions,
  ) {
    this.machines = new StateMachineService(stateMachines, { lambda, tasks, timeScale });
  }

  /**
   * Starts an execution.
   *
   * @param stateMachine construct path, end of it, or logical id; may be left out where there is one that no other machine starts
   * @param input any JSON
   * @throws AssemblyError where the name means none or several; StepFunctionsError where Step Functions would refuse to start it
   */
  public startExecution(stateMachine: string | undefined, input: unknown = {}, options: StartOptions = {}): Execution {
    const candidates = stateMachine === undefined ? this.startedByNoOther() : this.stateMachines;
    return this.machines.start(findResource(candidates, stateMachine, 'State machine').arn, input, options);
  }

  /** The physical name of a bucket of the assembly. @throws AssemblyError where the name means none or several */
  public bucketName(bucket: string): string {
    return findResource(this.buckets, bucket, 'Bucket').name;
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

/** @throws AssemblyError: a slip in a name would otherwise run what was to be replaced */
function requireFunctions(assembly: Assembly, { functions = {}, overrides = {} }: LocalCloudOptions): void {
  const all = functionsOf(assembly);
  [...Object.keys(functions), ...Object.keys(overrides)].forEach((address) => findResource(all, address, 'Function'));
}

/** Each function of the assembly as the caller wants it: replaced, overridden, or as it is. */
function invokableFunctions(assembly: Assembly, options: LocalCloudOptions, endpoints: Record<string, string>): InvokableFunction[] {
  const functions = functionsOf(assembly);
  const { functions: replacements = {}, overrides = {}, onLine } = options;
  return functions.map((lambdaFunction) => {
    const { name, arn, resource } = lambdaFunction;
    const replacement = meant(replacements, resource);
    if (replacement !== undefined) return new ReplacementFunction(name, arn, replacement);
    const definition = (): FunctionDefinition => lambdaFunction.definition(meant(overrides, resource));
    return new DeferredFunction(name, arn, () => new LocalFunction(definition(), { endpoints, onLine }));
  });
}

function meant<T>(byAddress: Readonly<Record<string, T>>, resource: Resource): T | undefined {
  return Object.entries(byAddress).find(([address]) => isAddressedBy(resource, address))?.[1];
}
