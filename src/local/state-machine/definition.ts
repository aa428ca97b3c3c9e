import { JsonValue } from '../../protocol/json';

/** A definition in the Amazon States Language. https://states-language.net/spec.html */
export interface StateMachineDefinition extends StateGraph {
  readonly TimeoutSeconds?: number;
}

/** States and where they start: a machine, a branch, or a Map's item processor. */
export interface StateGraph {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly QueryLanguage?: string;
}

export type StateType = 'Task' | 'Parallel' | 'Map' | 'Pass' | 'Wait' | 'Choice' | 'Succeed' | 'Fail';

/** A state of any type, which determines the fields that apply. */
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
  readonly Result?: JsonValue;
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
  readonly ItemSelector?: JsonValue;
  readonly ItemsPath?: string;
  readonly MaxConcurrency?: number;
  readonly MaxConcurrencyPath?: string;
}

/** The fields that turn a state's input into its effective input. */
export interface InputFields {
  readonly InputPath?: string | null;
  readonly Parameters?: JsonValue;
}

/** The fields that turn a state's result into its output. */
export interface OutputFields {
  readonly ResultSelector?: JsonValue;
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

/** The states inside a state. */
export function innerGraphs({ Branches = [], ItemProcessor, Iterator }: State): StateGraph[] {
  return [...Branches, ItemProcessor, Iterator].filter((graph) => graph !== undefined);
}
