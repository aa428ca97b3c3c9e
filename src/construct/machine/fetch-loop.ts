import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { LoopState } from '../../protocol/machine-state';
import { StateName } from '../../protocol/state-names';
import { fetchStep } from './steps';

export interface FetchLoopProps {
  readonly fetchFunction: lambda.Function;
  /** Settings of a source without code, as JSON text. `undefined` for others. */
  readonly source: string | undefined;
  readonly roundsPerExecution: number;
  /** Follows if there is more to fetch, but this execution has used up its rounds. */
  readonly whenRoundsAreUp: sfn.IChainable;
  /** Follows when the source has ended. */
  readonly whenDone: sfn.IChainable;
}

/** The loop, both in the import's own execution and in its continuations. */
export interface FetchLoop {
  readonly fetch: sfn.INextable & sfn.IChainable;
  /** Decides after each round how to continue. */
  readonly persistOrContinue: sfn.Choice;
}

/**
 * Fetch, and the choice after it:
 *
 * ```
 * Fetch -> PersistOrContinue -+-> whenRoundsAreUp   (more to fetch, round limit reached)
 *                             +-> Wait -> Fetch     (more to fetch, the source wants a pause)
 *                             +-> Fetch             (more to fetch)
 *                             +-> whenDone
 * ```
 *
 * The limit comes first: if a pause is due as well, the continuation makes it, since it starts with the same choice.
 */
export function fetchLoop(scope: Construct, props: FetchLoopProps): FetchLoop {
  const fetch = fetchStep(scope, props.fetchFunction, props.source);
  const wait = new sfn.Wait(scope, StateName.WAIT, { time: sfn.WaitTime.secondsPath(field('waitSeconds')) });
  const more = sfn.Condition.booleanEquals(field('continue'), true);
  const roundsAreUp = sfn.Condition.numberGreaterThanEquals(field('round'), props.roundsPerExecution);
  const pauseIsDue = sfn.Condition.numberGreaterThan(field('waitSeconds'), 0);
  const persistOrContinue = new sfn.Choice(scope, StateName.PERSIST_OR_CONTINUE)
    .when(sfn.Condition.and(more, roundsAreUp), props.whenRoundsAreUp)
    .when(sfn.Condition.and(more, pauseIsDue), wait)
    .when(more, fetch)
    .otherwise(props.whenDone);
  wait.next(fetch);
  fetch.next(persistOrContinue);
  return { fetch, persistOrContinue };
}

/** Path of a field of the loop's state. */
function field(name: keyof LoopState): string {
  return `$.${name}`;
}
