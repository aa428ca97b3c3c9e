import { JsonValue } from '../../protocol/json';
import { State, StateGraph, StateType } from './definition';
import { ExecutionScope } from './execution-scope';
import { HistoryEventType } from './history';
import { ContextObject, Interpreter } from './interpreter';
import { Line } from './line';
import { LineClock } from './line-clock';
import { requirePayloadSize } from './payload-limit';
import { Entry, Place } from './place';
import { RetryCounter } from './retry';
import { errorMatches, StateError, StatesErrorName } from './state-error';
import { STATE_WORK } from './state-work';
import { Step, Visit } from './visit';

/** The types of states for which Step Functions records that they were aborted. */
const ABORTABLE: readonly StateType[] = ['Task', 'Parallel', 'Map', 'Wait'];

/** A line of states, run one after another: a machine's own, a branch's or an item's. */
export class Strand implements Line {
  /**
   * @param place its position: the start, or where a failed attempt left it
   * @param signal ends the line from outside; `run` then throws its reason
   * @param item the part of the context object that a Map state adds
   */
  constructor(
    readonly scope: ExecutionScope,
    private readonly graph: StateGraph,
    private readonly place: Place,
    readonly clock: LineClock,
    readonly signal: AbortSignal,
    private readonly item: ContextObject = {},
  ) {}

  async run(input: JsonValue): Promise<JsonValue> {
    let step = this.place.current ?? this.place.moveTo({ output: input, next: this.graph.StartAt });
    while (step.next !== undefined) step = this.place.moveTo(await this.visit(step.next, step.output));
    return step.output;
  }

  branch(index: number, graph: StateGraph, signal: AbortSignal, item: ContextObject = this.item): Strand {
    return new Strand(this.scope, graph, this.place.branch(index), this.clock.fork(), signal, item);
  }

  get hasEnded(): boolean {
    return this.place.hasEnded;
  }

  async sleep(seconds: number): Promise<void> {
    await this.clock.sleep(seconds * 1000, this.signal);
    this.scope.checkTime(this.clock);
  }

  skip(milliseconds: number): void {
    this.clock.skip(milliseconds);
    this.scope.checkTime(this.clock);
  }

  private async visit(name: string, input: JsonValue): Promise<Step> {
    this.signal.throwIfAborted();
    const { history } = this.scope;
    const state = this.stateOf(name);
    const entry = this.enter(name, state, input);
    try {
      const step = await this.attempts(name, state, input, entry);
      history.write(`${state.Type}StateExited` as HistoryEventType, { state: name, output: step.output });
      return step;
    } catch (error) {
      if (this.signal.aborted && ABORTABLE.includes(state.Type)) history.write(`${state.Type}StateAborted` as HistoryEventType, { state: name });
      if (error instanceof StateError && error.error === StatesErrorName.DATA_LIMIT_EXCEEDED) this.place.forgetBranches();
      throw error;
    }
  }

  /** A redrive reschedules a state that was entered but not exited. Only a Fail state is entered again. */
  private enter(name: string, state: State, input: JsonValue): Entry {
    if (this.place.entry && state.Type !== 'Fail') return this.place.entry;
    return this.place.enter({ id: this.scope.history.write(`${state.Type}StateEntered`, { state: name, input }), at: new Date() });
  }

  private stateOf(name: string): State {
    const state = this.graph.States[name];
    if (!state) throw new StateError(StatesErrorName.RUNTIME, `The next state '${name}' does not exist.`);
    return state;
  }

  private async attempts(name: string, state: State, input: JsonValue, entry: Entry): Promise<Step> {
    const retries = new RetryCounter(state.Retry ?? []);
    for (;;) {
      const visit = this.attempt(name, state, input, entry, retries.total);
      try {
        return await work(visit);
      } catch (error) {
        if (!(error instanceof StateError)) throw error;
        const seconds = retries.next(error);
        if (seconds === undefined) return caught(visit, error);
        this.scope.history.tell('RetryScheduled', { state: name, error: error.error, cause: error.reason, seconds, attempt: retries.total });
        await this.sleep(seconds);
        this.place.forgetBranches();
      }
    }
  }

  private attempt(name: string, state: State, input: JsonValue, { id, at }: Entry, RetryCount: number): Visit {
    const stateContext = { Name: name, EnteredTime: at.toISOString(), RetryCount };
    const place = `the state '${name}' (entered at the event id #${id})`;
    const interpreterFor = (item: ContextObject): Interpreter =>
      new Interpreter({ ...this.scope.context, ...item, State: stateContext }, place);
    return { name, state, input, line: this, interpreter: interpreterFor(this.item), interpreterFor };
  }
}

async function work(visit: Visit): Promise<Step> {
  const step = await STATE_WORK[visit.state.Type](visit);
  requirePayloadSize(step.output, visit.name);
  return step;
}

/** @throws the error itself if no catcher matches it */
async function caught({ name, state, input, interpreter }: Visit, error: StateError): Promise<Step> {
  const catcher = state.Catch?.find(({ ErrorEquals }) => errorMatches(ErrorEquals, error));
  if (!catcher) throw error;
  const output = await interpreter.output({ ResultPath: catcher.ResultPath }, input, { Error: error.error, Cause: error.limitedReason });
  requirePayloadSize(output, name);
  return { output, next: catcher.Next };
}
