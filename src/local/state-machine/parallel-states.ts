import { JsonValue } from '../../protocol/json';
import { StateGraph } from './definition';
import { Interpreter } from './interpreter';
import { Line } from './line';
import { requirePayloadSize } from './payload-limit';
import { StateError, StatesErrorName } from './state-error';
import { Step, Visit } from './visit';

/** Default concurrency of an inline Map state. https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html */
const INLINE_MAP_CONCURRENCY = 40;

/** Why a branch ends when another one fails. */
class BranchAborted extends Error {
  constructor() {
    super('Another branch of the same state has failed.');
    this.name = 'BranchAborted';
  }
}

/** A Parallel state: its result is the outputs of its branches, in their order. */
export async function parallel({ name, state, input, interpreter, line }: Visit): Promise<Step> {
  const effective = await interpreter.effectiveInput(state, input);
  requirePayloadSize(effective, name);
  const branches = state.Branches!;
  const result = await inParallel('Parallel', name, line, branches.length, async (index, signal) =>
    ran(line.branch(index, branches[index]!, signal), effective));
  return { output: await interpreter.output(state, input, result), next: state.Next };
}

/** An inline Map state: its result is the outputs for its items, in their order. */
export async function map(visit: Visit): Promise<Step> {
  const { name, state, input, interpreter, line } = visit;
  const effective = await interpreter.effectiveInput({ InputPath: state.InputPath }, input);
  const items = await itemsOf(visit, effective);
  const concurrency = await concurrencyOf(visit, effective);
  const result = await inParallel('Map', name, line, items.length, async (index, signal) =>
    iteration(visit, effective, items[index]!, index, signal), concurrency);
  return { output: await interpreter.output(state, input, result), next: state.Next };
}

async function itemsOf({ name, state, interpreter }: Visit, effective: JsonValue): Promise<JsonValue[]> {
  const items = state.ItemsPath === undefined ? effective : await interpreter.path(state.ItemsPath, effective);
  if (Array.isArray(items)) return items;
  throw new StateError(StatesErrorName.RUNTIME, `The items of the Map state '${name}' are not an array.`);
}

async function concurrencyOf({ state, interpreter }: Visit, effective: JsonValue): Promise<number> {
  const { MaxConcurrency, MaxConcurrencyPath } = state;
  const limit = MaxConcurrencyPath === undefined ? MaxConcurrency : Number(await interpreter.path(MaxConcurrencyPath, effective));
  return limit || INLINE_MAP_CONCURRENCY;
}

async function iteration(visit: Visit, effective: JsonValue, Value: JsonValue, Index: number, signal: AbortSignal): Promise<Ran> {
  const { name, line } = visit;
  const { history } = line.scope;
  const item = { Map: { Item: { Index, Value } } };
  const branch = line.branch(Index, iteratorOf(visit), signal, item);
  // It succeeded in an earlier attempt.
  if (branch.hasEnded) return ran(branch, Value);
  history.write('MapIterationStarted', { state: name });
  try {
    const done = await ran(branch, await itemInput(visit.interpreterFor(item), visit, effective, Value));
    history.write('MapIterationSucceeded', { state: name });
    return done;
  } catch (error) {
    if (signal.aborted) history.write('MapIterationAborted', { state: name });
    else if (error instanceof StateError) history.write('MapIterationFailed', { state: name, error: error.error, cause: error.limitedReason });
    throw error;
  }
}

function iteratorOf({ state }: Visit): StateGraph {
  return (state.ItemProcessor ?? state.Iterator)!;
}

async function itemInput(interpreter: Interpreter, { name, state }: Visit, effective: JsonValue, value: JsonValue): Promise<JsonValue> {
  const template = state.ItemSelector ?? state.Parameters;
  const input = template === undefined ? value : await interpreter.template(template, effective);
  requirePayloadSize(input, name);
  return input;
}

interface Ran {
  readonly output: JsonValue;
  readonly line: Line;
}

async function ran(line: Line, input: JsonValue): Promise<Ran> {
  return { output: await line.run(input), line };
}

/**
 * Runs several things concurrently and writes the state's history. The first failure aborts the others. Once all have ended, its error is
 * thrown.
 */
async function inParallel(
  type: 'Parallel' | 'Map', name: string, line: Line, count: number, run: (index: number, signal: AbortSignal) => Promise<Ran>,
  concurrency = count,
): Promise<JsonValue> {
  const { history } = line.scope;
  history.write(`${type}StateStarted`, { state: name });
  const failure = new AbortController();
  const signal = AbortSignal.any([line.signal, failure.signal]);
  let first: unknown;
  const ended = await inOrder(count, concurrency, async (index) => run(index, signal).catch((error: unknown) => {
    first ??= error;
    failure.abort(new BranchAborted());
    return undefined;
  }), signal);
  line.clock.join(ended.flatMap((branch) => branch ? [branch.line.clock] : []));
  if (first === undefined) {
    line.signal.throwIfAborted();
    history.write(`${type}StateSucceeded`, { state: name });
    return ended.map((branch) => branch!.output);
  }
  if (first instanceof StateError) history.write(`${type}StateFailed`, { state: name, error: first.error, cause: first.limitedReason });
  throw first;
}

/** Results by index, of those that started before the signal. */
async function inOrder<T>(count: number, concurrency: number, run: (index: number) => Promise<T>, signal: AbortSignal): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count && !signal.aborted) {
      const index = next++;
      results[index] = await run(index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, worker));
  return results;
}
