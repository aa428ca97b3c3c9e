import { Clock, delay } from './clock';
import { Json, StateMachineDefinition } from './definition';
import { ExecutionResult, ExecutionStatus } from './execution-result';
import { ExecutionScope } from './execution-scope';
import { History, HistoryEventType } from './history';
import { StateError, StatesErrorName } from './state-error';
import { Strand } from './strand';
import { TaskResources } from './task-resources';

export interface ExecutionSetup {
  readonly executionArn: string;
  readonly name: string;
  readonly stateMachine: { readonly arn: string; readonly name: string; readonly roleArn: string };
  /** Normalized, see `normalize`. */
  readonly definition: StateMachineDefinition;
  readonly input: Json;
  readonly history: History;
  readonly tasks: TaskResources;
  /** Real seconds for each second that the machine waits. */
  readonly timeScale: number;
}

/** Why an execution ends that has not ended by itself. */
class Stopped extends Error {
  constructor(readonly status: ExecutionStatus, readonly error?: string, readonly reason?: string) {
    super(`The execution was ended: ${status}.`);
    this.name = 'Stopped';
  }
}

type Outcome = Pick<ExecutionResult, 'status' | 'output' | 'error' | 'cause'>;

const LAST_EVENT: Readonly<Record<ExecutionStatus, HistoryEventType>> = {
  SUCCEEDED: 'ExecutionSucceeded', FAILED: 'ExecutionFailed', ABORTED: 'ExecutionAborted', TIMED_OUT: 'ExecutionTimedOut',
};

/** An execution, which runs from the moment it is made. */
export class Execution {
  readonly executionArn: string;
  readonly name: string;
  readonly startDate = new Date();
  readonly input: Json;
  private readonly stop = new AbortController();
  private readonly ended: Promise<ExecutionResult>;
  private over = false;

  constructor(private readonly setup: ExecutionSetup) {
    this.executionArn = setup.executionArn;
    this.name = setup.name;
    this.input = setup.input;
    this.ended = this.run();
    // Whoever asks for the result is told of a failure to run; if nobody asks, it is no reason to end the process.
    this.ended.catch(() => {});
  }

  get running(): boolean {
    return !this.over;
  }

  /**
   * How it ended, once it has: well or not.
   *
   * @throws Error where it could not be run on: by an `AssemblyError`, say, of a function that it invokes
   */
  async result(): Promise<ExecutionResult> {
    return this.ended;
  }

  /** Ends it, and the child executions that it waits for. An invocation that is under way goes on, and its result is lost. */
  abort(error?: string, cause?: string): void {
    this.stop.abort(new Stopped(ExecutionStatus.ABORTED, error, cause));
  }

  private async run(): Promise<ExecutionResult> {
    const { executionArn, name, stateMachine, input, history } = this.setup;
    try {
      const outcome = await this.outcome();
      const { output, error, cause } = outcome;
      history.write(LAST_EVENT[outcome.status], { output, error, cause });
      const result = { executionArn, stateMachineArn: stateMachine.arn, name, input, startDate: this.startDate, stopDate: new Date() };
      return { ...result, ...outcome, historyEvents: history.length };
    } finally {
      this.over = true;
    }
  }

  private async outcome(): Promise<Outcome> {
    const done = new AbortController();
    try {
      void this.watchTime(done.signal);
      return { status: ExecutionStatus.SUCCEEDED, output: await this.states() };
    } catch (error) {
      return failure(this.stop.signal.aborted ? this.stop.signal.reason : error);
    } finally {
      done.abort();
    }
  }

  private async states(): Promise<Json> {
    const { definition, history, input, tasks, timeScale } = this.setup;
    history.write('ExecutionStarted', { input });
    const scope: ExecutionScope = { history, tasks, context: this.context(), checkTime: (clock) => this.checkTime(clock) };
    return new Strand(scope, definition, new Clock(timeScale), this.stop.signal).run(input);
  }

  private context(): ExecutionScope['context'] {
    const { executionArn, name, stateMachine, input } = this.setup;
    return {
      Execution: {
        Id: executionArn, Input: input, Name: name, RoleArn: stateMachine.roleArn, StartTime: this.startDate.toISOString(), RedriveCount: 0,
      },
      StateMachine: { Id: stateMachine.arn, Name: stateMachine.name },
    };
  }

  private async watchTime(done: AbortSignal): Promise<void> {
    const { TimeoutSeconds } = this.setup.definition;
    if (TimeoutSeconds === undefined) return;
    await delay(TimeoutSeconds * 1000, done).then(() => this.timeOut(), () => {});
  }

  /** For waits that were cut short. */
  private checkTime(clock: Clock): void {
    const { TimeoutSeconds = Infinity } = this.setup.definition;
    if (clock.elapsed < TimeoutSeconds * 1000) return;
    this.timeOut();
    this.stop.signal.throwIfAborted();
  }

  private timeOut(): void {
    this.stop.abort(new Stopped(ExecutionStatus.TIMED_OUT, StatesErrorName.TIMEOUT));
  }
}

/** @throws the error again where it is no end of an execution */
function failure(error: unknown): Outcome {
  if (error instanceof Stopped) return { status: error.status, error: error.error, cause: error.reason };
  if (error instanceof StateError) return { status: ExecutionStatus.FAILED, error: error.error, cause: error.limitedReason };
  throw error;
}
