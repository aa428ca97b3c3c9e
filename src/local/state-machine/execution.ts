import { Json } from './definition';
import { ExecutionAttempt } from './execution-attempt';
import { ExecutionResult } from './execution-result';
import { ExecutionSetup } from './execution-setup';
import { Place } from './place';
import { notRedrivable, requireRedrivable } from './redrivable';

export interface RedriveOptions {
  /** Aborts the redriven execution. A signal that it was started with does not count any more. */
  readonly signal?: AbortSignal;
}

/** An execution, which runs from the moment it is made. */
export class Execution {
  readonly executionArn: string;
  readonly name: string;
  readonly startDate = new Date();
  readonly input: Json;
  private readonly place = new Place();
  private attempt: ExecutionAttempt;
  private redrives = 0;

  /**
   * @param children the executions that it has started, in their order
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

  /** Milliseconds of waits that its last attempt has left out. */
  get timeSkipped(): number {
    return this.attempt.timeSkipped;
  }

  /**
   * How it ended, once it has: well or not. Of an execution that was redriven, how its last attempt did.
   *
   * @throws Error where it could not be run on: by an `AssemblyError`, say, of a function that it invokes
   */
  async result(): Promise<ExecutionResult> {
    return this.attempt.ended;
  }

  /** Ends it, and the child executions that it waits for. An invocation that is under way goes on, and its result is lost. */
  abort(error?: string, cause?: string): void {
    this.attempt.abort(error, cause);
  }

  /**
   * Lets an execution that has failed, timed out or was aborted go on from the states that did not succeed, with their input and the same
   * definition. Its history goes on; retries and timeouts are counted anew; of a Parallel or Map, the branches and items that succeeded
   * are not run again. A Task that has waited for a child execution starts another one: redriving a parent does not redrive its child.
   * Waits begin anew, unless they are for a point in time.
   *
   * https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html#redrive-behavior-states
   *
   * @returns the execution itself, whose `result()` is now that of the redrive
   * @throws StepFunctionsError `ExecutionNotRedrivable` where it runs, has succeeded, ended more than 14 days ago, or has no room left for
   *   history events
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
