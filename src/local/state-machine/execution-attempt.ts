import { JsonValue } from '../../protocol/json';
import { delay } from './delay';
import { ExecutionResult, ExecutionStatus } from './execution-result';
import { ExecutionScope } from './execution-scope';
import { ExecutionSetup } from './execution-setup';
import { HistoryEventType } from './history';
import { LineClock } from './line-clock';
import { Place } from './place';
import { StateError, StatesErrorName } from './state-error';
import { Strand } from './strand';

/** How an attempt starts, and what it takes over from earlier ones. */
export interface AttemptStart {
  /** When the execution was first started. */
  readonly startDate: Date;
  /** Where it continues from. */
  readonly place: Place;
  /** Attempts before this one. */
  readonly redriveCount: number;
  /** Aborts the attempt. */
  readonly signal?: AbortSignal;
}

/** Why an execution was stopped from outside. */
class ExecutionStopped extends Error {
  constructor(readonly status: ExecutionStatus, readonly error?: string, readonly reason?: string) {
    super(`The execution was ended: ${status}.`);
    this.name = 'ExecutionStopped';
  }
}

type Outcome = Pick<ExecutionResult, 'status' | 'output' | 'error' | 'cause'>;

const LAST_EVENT: Readonly<Record<ExecutionStatus, HistoryEventType>> = {
  SUCCEEDED: 'ExecutionSucceeded', FAILED: 'ExecutionFailed', ABORTED: 'ExecutionAborted', TIMED_OUT: 'ExecutionTimedOut',
};

/** One run of an execution, the first or a redrive. It starts, along with its timeout, when it is created. */
export class ExecutionAttempt {
  readonly ended: Promise<ExecutionResult>;
  private readonly stop = new AbortController();
  private readonly clock: LineClock;
  private readonly redriveDate?: Date;
  private over = false;
  private endedWith?: ExecutionResult;

  constructor(private readonly setup: ExecutionSetup, private readonly start: AttemptStart) {
    this.clock = new LineClock(setup.timeScale);
    if (start.redriveCount > 0) this.redriveDate = new Date();
    this.ended = this.run();
    // Callers of result() see the failure. If there are none, it must not end the process.
    this.ended.catch(() => {});
    this.abortWith(start.signal);
  }

  get running(): boolean {
    return !this.over;
  }

  /** Undefined while it runs, and if it could not continue here. */
  get result(): ExecutionResult | undefined {
    return this.endedWith;
  }

  get timeSkipped(): number {
    return this.clock.skipped;
  }

  abort(error?: string, cause?: string): void {
    this.stop.abort(new ExecutionStopped(ExecutionStatus.ABORTED, error, cause));
  }

  private abortWith(signal: AbortSignal | undefined): void {
    if (!signal) return;
    const abort = (): void => this.abort();
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    void this.ended.catch(() => {}).finally(() => signal.removeEventListener('abort', abort));
  }

  private async run(): Promise<ExecutionResult> {
    const { executionArn, name, stateMachine, input, history } = this.setup;
    const { startDate, redriveCount } = this.start;
    try {
      const outcome = await this.outcome();
      const { output, error, cause } = outcome;
      history.write(LAST_EVENT[outcome.status], { output, error, cause });
      this.endedWith = {
        executionArn, stateMachineArn: stateMachine.arn, name, input, startDate, stopDate: new Date(), ...outcome,
        redriveCount, ...this.redriveDate && { redriveDate: this.redriveDate }, historyEvents: history.length,
      };
      return this.endedWith;
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

  private async states(): Promise<JsonValue> {
    const { definition, history, input, tasks } = this.setup;
    const { place, redriveCount } = this.start;
    if (redriveCount === 0) history.write('ExecutionStarted', { input });
    else history.write('ExecutionRedriven', { redriveCount });
    const scope: ExecutionScope = { history, tasks, context: this.context(), checkTime: (clock) => this.checkTime(clock) };
    return new Strand(scope, definition, place, this.clock, this.stop.signal).run(input);
  }

  private context(): ExecutionScope['context'] {
    const { executionArn, name, stateMachine: { arn, name: machineName, roleArn }, input } = this.setup;
    const { startDate, redriveCount } = this.start;
    const redriven = { RedriveCount: redriveCount, ...this.redriveDate && { RedriveTime: this.redriveDate.toISOString() } };
    return {
      Execution: { Id: executionArn, Input: input, Name: name, RoleArn: roleArn, StartTime: startDate.toISOString(), ...redriven },
      StateMachine: { Id: arn, Name: machineName },
    };
  }

  private async watchTime(done: AbortSignal): Promise<void> {
    const { TimeoutSeconds } = this.setup.definition;
    if (TimeoutSeconds === undefined) return;
    await delay(TimeoutSeconds * 1000, done).then(() => this.timeOut(), () => {});
  }

  /** For waits that were shortened. */
  private checkTime(clock: LineClock): void {
    const { TimeoutSeconds = Infinity } = this.setup.definition;
    if (clock.elapsed < TimeoutSeconds * 1000) return;
    this.timeOut();
    this.stop.signal.throwIfAborted();
  }

  private timeOut(): void {
    this.stop.abort(new ExecutionStopped(ExecutionStatus.TIMED_OUT, StatesErrorName.TIMEOUT));
  }
}

/** @throws the error itself if it does not end an execution */
function failure(error: unknown): Outcome {
  if (error instanceof ExecutionStopped) return { status: error.status, error: error.error, cause: error.reason };
  if (error instanceof StateError) return { status: ExecutionStatus.FAILED, error: error.error, cause: error.limitedReason };
  throw error;
}
