/** JSON, as a state's input and output. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A definition in the Amazon States Language. https://states-language.net/spec.html */
export interface StateMachineDefinition extends StateGraph {
  readonly TimeoutSeconds?: number;
}

/** States, and where they start: a whole machine, a branch, or what runs for one item. */
export interface StateGraph {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly QueryLanguage?: string;
}

export type StateType = 'Task' | 'Parallel' | 'Map' | 'Pass' | 'Wait' | 'Choice' | 'Succeed' | 'Fail';

/** A state of any type: which fields mean something depends on it. */
export interface State extends InputFields, OutputFields {
  readonly Type: StateType;
  readonly Next?: string;
  readonly End?: boolean;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  // Task
  readonly Resource?: string;
  readonly TimeoutSeconds?: number;
  readonly TimeoutSecondsPath?: string;
  // Pass
  readonly Result?: Json;
  // Wait
  readonly Seconds?: number;
  readonly SecondsPath?: string;
  readonly Timestamp?: string;
  readonly TimestampPath?: string;
  // Choice
  readonly Choices?: readonly ChoiceRule[];
  readonly Default?: string;
  // Fail
  readonly Error?: string;
  readonly ErrorPath?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
  // Parallel
  readonly Branches?: readonly StateGraph[];
  // Map
  readonly ItemProcessor?: StateGraph & { readonly ProcessorConfig?: { readonly Mode?: string } };
  readonly Iterator?: StateGraph;
  readonly ItemSelector?: Json;
  readonly ItemsPath?: string;
  readonly MaxConcurrency?: number;
  readonly MaxConcurrencyPath?: string;
}

/** The fields that make a state's effective input of its input. */
export interface InputFields {
  readonly InputPath?: string | null;
  readonly Parameters?: Json;
}

/** The fields that make a state's output of its result. */
export interface OutputFields {
  readonly ResultSelector?: Json;
  readonly ResultPath?: string | null;
  readonly OutputPath?: string | null;
}

/** A comparison with its `Variable`, or `And`, `Or` or `Not` of others. */
export interface ChoiceRule {
  readonly Next?: string;
  readonly Variable?: string;
  readonly And?: readonly ChoiceRule[];
  readonly Or?: readonly ChoiceRule[];
  readonly Not?: ChoiceRule;
  readonly [operator: string]: unknown;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly ResultPath?: string | null;
}

/** The states that a state holds in itself. */
export function innerGraphs({ Branches = [], ItemProcessor, Iterator }: State): StateGraph[] {
  return [...Branches, ItemProcessor, Iterator].filter((graph) => graph !== undefined);
}
