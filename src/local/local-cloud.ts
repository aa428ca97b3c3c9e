import { Assembly, findResource } from './assembly/assembly';
import { AssemblyError } from './assembly/assembly-error';
import { AssemblyBucket, bucketsOf } from './assembly/buckets';
import { FunctionOverrides, functionsOf } from './assembly/functions';
import { isAddressedBy, isWithin, Resource } from './assembly/resource';
import { AssemblyStateMachine, stateMachinesOf } from './assembly/state-machines';
import { Fault } from './faults/fault';
import { FaultPlan, InjectedFault } from './faults/fault-plan';
import { FaultyFetchFunction, isFetchFunction } from './faults/faulty-fetch-function';
import { FaultyHandlerFunction } from './faults/faulty-handler-function';
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

/** @throws AssemblyError: a slip in a name would otherwise run what was to be replaced */
function requireFunctions(assembly: Assembly, { functions = {}, overrides = {}, faults = [] }: LocalCloudOptions): void {
  const all = functionsOf(assembly);
  [...Object.keys(functions), ...Object.keys(overrides)].forEach((address) => findResource(all, address, 'Function'));
  const fetchFunctions = all.map(({ resource }) => resource).filter(isFetchFunction);
  faults.forEach((fault) => requireImport(fetchFunctions, fault));
}

/** @throws AssemblyError where a fault is aimed at no import */
function requireImport(fetchFunctions: readonly Resource[], fault: Fault): void {
  const address = fault.import;
  if (address === undefined || fetchFunctions.some((resource) => isWithin(resource, address))) return;
  const paths = fetchFunctions.map(({ path }) => path).join(', ') || 'none';
  throw new AssemblyError(`${fault}: no import is at ${address}. Name one by its construct path; the fetch functions of imports are at: ${paths}.`);
}

/** Each function of the assembly as the caller wants it: replaced, overridden, or as it is; under faults where there are any. */
function invokableFunctions(
  assembly: Assembly, options: LocalCloudOptions, endpoints: Record<string, string>, plan: FaultPlan,
): InvokableFunction[] {
  const { functions: replacements = {}, overrides = {}, onLine } = options;
  const localOptions = { endpoints, onLine };
  return functionsOf(assembly).map((lambdaFunction) => {
    const { name, arn, resource } = lambdaFunction;
    const replacement = meant(replacements, resource);
    const definition = (): FunctionDefinition => lambdaFunction.definition(meant(overrides, resource));
    if (replacement === undefined && !plan.isEmpty && isFetchFunction(resource)) {
      return new DeferredFunction(name, arn, () => new FaultyFetchFunction(resource, definition(), plan, localOptions));
    }
    const wanted = replacement === undefined
      ? new DeferredFunction(name, arn, () => new LocalFunction(definition(), localOptions))
      : new ReplacementFunction(name, arn, replacement);
    return plan.isEmpty ? wanted : new FaultyHandlerFunction(wanted, plan);
  });
}

function meant<T>(byAddress: Readonly<Record<string, T>>, resource: Resource): T | undefined {
  return Object.entries(byAddress).find(([address]) => isAddressedBy(resource, address))?.[1];
}
