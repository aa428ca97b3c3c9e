import { JsonValue } from '../../protocol/json';
import { StateType } from './definition';
import { map, parallel } from './parallel-states';
import { requirePayloadSize } from './payload-limit';
import { StateError, StatesErrorName } from './state-error';
import { task } from './task-state';
import { Step, Visit } from './visit';

/** What the states of each type do, from their input to their output. @throws StateError */
export const STATE_WORK: Readonly<Record<StateType, (visit: Visit) => Promise<Step>>> = {
  Task: task, Parallel: parallel, Map: map, Pass: pass, Wait: wait, Choice: choice, Succeed: succeed, Fail: fail,
};

async function pass({ name, state, input, interpreter }: Visit): Promise<Step> {
  const effective = await interpreter.effectiveInput(state, input);
  requirePayloadSize(effective, name);
  return { output: await interpreter.output(state, input, state.Result === undefined ? effective : state.Result), next: state.Next };
}

async function wait(visit: Visit): Promise<Step> {
  const { name, state, input, interpreter, line } = visit;
  const effective = await interpreter.effectiveInput(state, input);
  const seconds = await waitSeconds(visit, effective);
  line.scope.history.tell('WaitStarted', { state: name, seconds });
  await line.sleep(seconds);
  return { output: await interpreter.output(state, input, effective), next: state.Next };
}

async function waitSeconds({ state, interpreter }: Visit, input: JsonValue): Promise<number> {
  const { Seconds, SecondsPath, Timestamp, TimestampPath } = state;
  const seconds = SecondsPath === undefined ? Seconds : await interpreter.path(SecondsPath, input);
  const timestamp = TimestampPath === undefined ? Timestamp : await interpreter.path(TimestampPath, input);
  const found = seconds ?? (Date.parse(String(timestamp)) - Date.now()) / 1000;
  if (typeof found !== 'number' || Number.isNaN(found) || (seconds !== undefined && found < 0)) {
    throw new StateError(StatesErrorName.RUNTIME, `A Wait state cannot wait for ${JSON.stringify(seconds ?? timestamp)}.`);
  }
  return Math.max(found, 0);
}

async function choice({ state, input, interpreter }: Visit): Promise<Step> {
  return interpreter.choose(state, input);
}

async function succeed({ state, input, interpreter }: Visit): Promise<Step> {
  const effective = await interpreter.effectiveInput(state, input);
  return { output: await interpreter.output(state, input, effective) };
}

async function fail({ state, input, interpreter }: Visit): Promise<Step> {
  const paths = { ...state.ErrorPath && { 'Error.$': state.ErrorPath }, ...state.CausePath && { 'Cause.$': state.CausePath } };
  const { Error = state.Error, Cause = state.Cause } = await interpreter.template(paths, input) as { Error?: string; Cause?: string };
  throw new StateError(Error ?? '', Cause ?? '');
}
