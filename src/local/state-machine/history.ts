import { EXECUTION_HISTORY_EVENTS } from '../../protocol/limits';
import { StateType } from './definition';
import { StateError, StatesErrorName } from './state-error';

/** Entries of an execution's history. https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html */
export type HistoryEventType =
  | 'ExecutionStarted' | 'ExecutionRedriven' | 'ExecutionSucceeded' | EndOfFailure
  | `${StateType}StateEntered` | `${Exclude<StateType, 'Fail'>}StateExited`
  | `${'Task' | 'Parallel' | 'Map' | 'Wait'}StateAborted`
  | `${'Parallel' | 'Map'}State${'Started' | 'Succeeded' | 'Failed'}`
  | `MapIteration${'Started' | 'Succeeded' | 'Failed' | 'Aborted'}`
  | `Task${'Scheduled' | 'Started' | 'Submitted' | 'Succeeded' | 'Failed' | 'TimedOut'}`
  | `LambdaFunction${'Scheduled' | 'Started' | 'Succeeded' | 'Failed' | 'TimedOut'}`;

type EndOfFailure = 'ExecutionFailed' | 'ExecutionAborted' | 'ExecutionTimedOut';

/** Not in Step Functions' history, but useful to show progress. */
export type ProgressEventType =
  /** A Wait state begins to wait for `seconds`. */
  | 'WaitStarted'
  /** A failed state will be retried in `seconds`. */
  | 'RetryScheduled';

/** Something that happened in an execution. */
export interface ExecutionEvent extends EventDetails {
  readonly type: HistoryEventType | ProgressEventType;
  /** Position in the history, from 1; undefined for events that Step Functions does not record. */
  readonly id?: number;
  readonly executionArn: string;
  readonly at: Date;
}

export interface EventDetails {
  /** Name of the state. */
  readonly state?: string;
  readonly input?: unknown;
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
  readonly seconds?: number;
  /** Number of the retry, from 1. */
  readonly attempt?: number;
  /** Number of the redrive, from 1. */
  readonly redriveCount?: number;
}

/** Only these may be the last event. https://docs.aws.amazon.com/step-functions/latest/dg/bp-history-limit.html */
const LAST_EVENTS: readonly HistoryEventType[] = ['ExecutionSucceeded', 'ExecutionFailed', 'ExecutionAborted', 'ExecutionTimedOut'];

/** Counts the events of an execution like Step Functions, and passes them on. */
export class History {
  private events = 0;

  constructor(private readonly executionArn: string, private readonly listener: (event: ExecutionEvent) => void = () => {}) {}

  /** Events so far. */
  get length(): number {
    return this.events;
  }

  /**
   * Writes an event. Returns its id.
   *
   * @throws StateError if there is only room left for the execution's end
   */
  write(type: HistoryEventType, details: EventDetails = {}): number {
    if (this.events >= EXECUTION_HISTORY_EVENTS - 1 && !LAST_EVENTS.includes(type)) {
      throw new StateError(
        StatesErrorName.RUNTIME,
        `The execution reached the maximum number of history events (${EXECUTION_HISTORY_EVENTS}).`,
      );
    }
    this.events += 1;
    this.listener({ ...details, type, id: this.events, executionArn: this.executionArn, at: new Date() });
    return this.events;
  }

  /** Reports something that is not part of the history. */
  tell(type: ProgressEventType, details: EventDetails): void {
    this.listener({ ...details, type, executionArn: this.executionArn, at: new Date() });
  }
}
