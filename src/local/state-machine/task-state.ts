import { JsonValue } from '../../protocol/json';
import { requirePayloadSize } from './payload-limit';
import { StateError, StatesErrorName } from './state-error';
import { TaskIntegration } from './task-integration';
import { unlessAborted } from './unless-aborted';
import { Step, Visit } from './visit';

/** A Task state: one attempt, with the history events that Step Functions writes. */
export async function task(visit: Visit): Promise<Step> {
  const { name, state, input, interpreter, line } = visit;
  const parameters = await interpreter.effectiveInput(state, input);
  requirePayloadSize(parameters, name);
  const result = await recorded(visit, line.scope.tasks.of(name, state), parameters);
  return { output: await interpreter.output(state, input, result), next: state.Next };
}

async function recorded(visit: Visit, integration: TaskIntegration, parameters: JsonValue): Promise<JsonValue> {
  const { name, state, line: { scope: { history } } } = visit;
  const { scheduled, started, succeeded, failed, timedOut } = integration.events;
  history.write(scheduled, { state: name, input: parameters });
  history.write(started, { state: name });
  try {
    const result = await withTimeout(visit, integration, parameters);
    requirePayloadSize(result, state.Resource!);
    history.write(succeeded, { state: name, output: result });
    return result;
  } catch (error) {
    if (error instanceof StateError) {
      const type = error.error === StatesErrorName.TIMEOUT ? timedOut : failed;
      history.write(type, { state: name, error: error.error, cause: error.limitedReason });
    }
    throw error;
  }
}

/**
 * A timed-out task continues in the background, like a Lambda function on AWS, and its result is lost. Only a child execution is stopped.
 */
async function withTimeout(visit: Visit, integration: TaskIntegration, parameters: JsonValue): Promise<JsonValue> {
  const { name, line } = visit;
  const { signal, scope: { history } } = line;
  const seconds = await timeoutSeconds(visit);
  const timeout = new AbortController();
  const timer = seconds && setTimeout(() => timeout.abort(new StateError(StatesErrorName.TIMEOUT, '')), seconds * 1000);
  const either = seconds === undefined ? signal : AbortSignal.any([signal, timeout.signal]);
  try {
    const submitted = (): void => void history.write('TaskSubmitted', { state: name });
    const skipped = (milliseconds: number): void => line.skip(milliseconds);
    return await unlessAborted(integration.run(parameters, { signal: either, submitted, skipped }), either);
  } finally {
    clearTimeout(timer);
  }
}

async function timeoutSeconds({ state, input, interpreter }: Visit): Promise<number | undefined> {
  const { TimeoutSeconds, TimeoutSecondsPath } = state;
  return TimeoutSecondsPath === undefined ? TimeoutSeconds : Number(await interpreter.path(TimeoutSecondsPath, input));
}
