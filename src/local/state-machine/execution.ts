import { JsonValue } from '../../protocol/json';
import { ExecutionAttempt } from './execution-attempt';
import { ExecutionResult } from './execution-result';
import { ExecutionSetup } from './execution-setup';
import { Place } from './place';
import { notRedrivable, requireRedrivable } from './redrivable';

export interface RedriveOptions {
  /** Aborts the redriven execution. Replaces the signal that the execution was started with. */
  readonly signal?: AbortSignal;
}

/** An execution. It runs as soon as it is created. */
export class Execution {
  readonly executionArn: string;
  readonly name: string;
  readonly startDate = new Date();
  readonly input: JsonValue;
  private readonly place = new Place();
  private attempt: ExecutionAttempt;
  private redrives = 0;

  /**
   * @param children the executions that it has started, in order
   * @param signal aborts it
   */
  constructor(private readonly setup: ExecutionSetup, readonly children: readonly Execution[] = [], signal?: AbortSignal) {
    this.executionArn = setup.executionArn;
    this.name = setup.name;
    this.input = setup.input;
    this.attempt = this.newAttempt(signal);
  }

  get running(): boolean {
    return this.attempt.running;
  }

  /** Milliseconds of waits that were skipped since the start or the last redrive. */
  get timeSkipped(): number {
    return this.attempt.timeSkipped;
  }

  /**
   * Resolves with the result once the execution has ended, successfully or not. After a redrive, it is the result of the redrive.
   *
   * @throws Error if the execution cannot continue here, for example an `AssemblyError` of a function that it invokes
   */
  async result(): Promise<ExecutionResult> {
    return this.attempt.ended;
  }

  /** Ends it, and the child executions that it waits for. A running invocation continues, and its result is lost. */
  abort(error?: string, cause?: string): void {
    this.attempt.abort(error, cause);
  }

  /**
   * Continues an execution that failed, timed out or was aborted, from the states that did not succeed, with their input and the same
   * definition. The history continues; retries and timeouts start again. In a Parallel or Map, branches and items that succeeded do not
   * run again. A Task that waited for a child execution starts another one: redriving a parent does not redrive its child. Waits start
   * again, unless they are for a point in time.
   *
   * https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html#redrive-behavior-states
   *
   * @returns the execution itself, whose `result()` is now that of the redrive
   * @throws StepFunctionsError `ExecutionNotRedrivable` if it is running, has succeeded, ended more than 14 days ago, or has no room left
   *   for history events
   */
  redrive({ signal }: RedriveOptions = {}): this {
    requireRedrivable(this.lastResult());
    this.redrives += 1;
    this.attempt = this.newAttempt(signal);
    return this;
  }

  private lastResult(): ExecutionResult {
    const { running, result } = this.attempt;
    if (running) throw notRedrivable(this.executionArn, 'is running', 'Wait for its end, or abort it first.');
    if (!result) throw notRedrivable(this.executionArn, 'could not be run here', 'See the error of its result, and start a new execution.');
    return result;
  }

  private newAttempt(signal: AbortSignal | undefined): ExecutionAttempt {
    const { setup, startDate, place, redrives } = this;
    return new ExecutionAttempt(setup, { startDate, place, redriveCount: redrives, signal });
  }
}
