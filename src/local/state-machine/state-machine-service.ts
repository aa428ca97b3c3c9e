import { JsonValue } from '../../protocol/json';
import { STATE_PAYLOAD_BYTES } from '../../protocol/limits';
import { LambdaService } from '../lambda/lambda-service';
import { StateMachineDefinition } from './definition';
import { Execution } from './execution';
import { executionName } from './execution-name';
import { ExecutionEvent, History } from './history';
import { normalize } from './normalize';
import { payloadBytes } from './payload-limit';
import { StartExecution } from './start-execution-task';
import { StateError } from './state-error';
import { StepFunctionsError } from './step-functions-error';
import { requireSupported } from './supported';
import { TaskReplacement, TaskResources } from './task-resources';

/** A state machine that can be started. */
export interface StateMachineSetup {
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  /** Called when the machine is first started. */
  definition(): StateMachineDefinition;
}

export interface StateMachineServiceOptions {
  readonly lambda: LambdaService;
  /** Real seconds for each second of Wait states and of delays before retries, from 0. @default 1 */
  readonly timeScale?: number;
  /** Functions that replace the services of Task states, by state name. @default none */
  readonly tasks?: Readonly<Record<string, TaskReplacement>>;
}

export interface StartOptions {
  /** 1 to 80 characters, unique among the executions of a machine. @default a random one */
  readonly name?: string;
  /** Receives the events of the execution and of the child executions that it waits for. */
  readonly onEvent?: (event: ExecutionEvent) => void;
  /** Aborts the execution. */
  readonly signal?: AbortSignal;
}

/** The state machines of an account and their executions, under AWS's quotas. */
export class StateMachineService {
  private readonly machines: ReadonlyMap<string, StateMachineSetup>;
  private readonly definitions = new Map<string, StateMachineDefinition>();
  private readonly executions = new Map<string, Execution>();

  constructor(machines: readonly StateMachineSetup[], private readonly options: StateMachineServiceOptions) {
    this.machines = new Map(machines.map((machine) => [machine.arn, machine]));
  }

  /**
   * Starts an execution. If one with the same name and input is running, returns that one.
   *
   * @throws StepFunctionsError if Step Functions would refuse to start it; DefinitionError if the machine cannot run here
   */
  start(stateMachineArn: string, input: unknown = {}, options: StartOptions = {}): Execution {
    const machine = this.machines.get(stateMachineArn);
    if (!machine) throw new StepFunctionsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`);
    const name = executionName(options.name);
    const executionArn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
    const json = requireInput(input);
    return this.running(executionArn, json) ?? this.run(machine, name, executionArn, json, options);
  }

  /** Aborts running executions and waits for their end. */
  async close(): Promise<void> {
    const running = [...this.executions.values()].filter((execution) => execution.running);
    running.forEach((execution) => execution.abort());
    await Promise.allSettled(running.map(async (execution) => execution.result()));
  }

  /** @throws StepFunctionsError if the name is already taken */
  private running(executionArn: string, input: JsonValue): Execution | undefined {
    const execution = this.executions.get(executionArn);
    if (!execution) return undefined;
    if (execution.running && JSON.stringify(execution.input) === JSON.stringify(input)) return execution;
    throw new StepFunctionsError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`);
  }

  private run(machine: StateMachineSetup, name: string, executionArn: string, input: JsonValue, options: StartOptions): Execution {
    const { lambda, tasks = {}, timeScale = 1 } = this.options;
    const children: Execution[] = [];
    const startChild: StartExecution = (arn, childInput, childName) => {
      const child = this.startChild(arn, childInput, childName, options);
      children.push(child);
      return child;
    };
    const resources = new TaskResources(lambda, startChild, tasks);
    const definition = this.definitionOf(machine);
    resources.requireAll(definition);
    const history = new History(executionArn, options.onEvent);
    const setup = { executionArn, name, stateMachine: machine, definition, input, history, tasks: resources, timeScale };
    const execution = new Execution(setup, children, options.signal);
    this.executions.set(executionArn, execution);
    return execution;
  }

  /** Only its parent can abort a child. */
  private startChild(arn: string, input: JsonValue, name: string | undefined, { onEvent }: StartOptions): Execution {
    try {
      return this.start(arn, input, { name, onEvent });
    } catch (error) {
      if (!(error instanceof StepFunctionsError)) throw error;
      throw new StateError(`StepFunctions.${error.name}Exception`, error.message, { cause: error });
    }
  }

  private definitionOf(machine: StateMachineSetup): StateMachineDefinition {
    const known = this.definitions.get(machine.arn);
    if (known) return known;
    const definition = machine.definition();
    requireSupported(definition);
    this.definitions.set(machine.arn, normalize(definition));
    return this.definitions.get(machine.arn)!;
  }
}

function requireInput(input: unknown): JsonValue {
  const json = asJson(input);
  if (payloadBytes(json) <= STATE_PAYLOAD_BYTES) return json;
  throw new StepFunctionsError('ValidationException', `The input of an execution has at most ${STATE_PAYLOAD_BYTES} bytes as JSON; this has ${payloadBytes(json)}.`);
}

function asJson(input: unknown): JsonValue {
  const refuse = (problem: string, options?: ErrorOptions): Error =>
    new StepFunctionsError('InvalidExecutionInput', `The input of an execution must be JSON: ${problem}.`, options);
  let text: string | undefined;
  try {
    text = JSON.stringify(input);
  } catch (error) {
    throw refuse((error as Error).message, { cause: error });
  }
  if (text === undefined) throw refuse(`a ${typeof input} is not JSON`);
  return JSON.parse(text) as JsonValue;
}
