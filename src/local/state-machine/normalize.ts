import { JsonValue } from '../../protocol/json';
import { ChoiceRule, innerGraphs, State, StateGraph } from './definition';

/** Where `interpreter.ts` puts the context object. At the top level, the library would overwrite parts of it. */
export const CONTEXT_KEY = 'Context';

/** Fields with payload templates, in which only values of keys that end in `.$` are paths. */
const TEMPLATES = ['Parameters', 'ResultSelector', 'ItemSelector'] as const;
const PATHS = [
  'InputPath', 'OutputPath', 'ItemsPath', 'SecondsPath', 'TimestampPath', 'TimeoutSecondsPath', 'MaxConcurrencyPath', 'ErrorPath', 'CausePath',
] as const;

/** The type test for a comparison, by the beginning of its name. */
const TYPE_TESTS: Readonly<Record<string, string>> = {
  String: 'IsString', Numeric: 'IsNumeric', Boolean: 'IsBoolean', Timestamp: 'IsTimestamp',
};

/** Rewrites a definition so that the library interprets it like Step Functions. */
export function normalize<T extends StateGraph>(graph: T): T {
  const states = Object.entries(graph.States).map(([name, state]): [string, State] => [name, normalizeState(state)]);
  return { ...graph, States: Object.fromEntries(states) };
}

function normalizeState(state: State): State {
  return {
    ...withoutRootResultPath(state),
    ...mapFields(state, PATHS, contextPath),
    ...mapFields(state, TEMPLATES, contextPathsOfTemplate),
    ...mapFields(state, ['Catch'], (catchers) => catchers.map(withoutRootResultPath)),
    ...mapFields(state, ['Choices'], (rules) => rules.map(normalizeRule)),
    ...mapFields(state, ['Branches'], (branches) => branches.map(normalize)),
    ...mapFields(state, ['ItemProcessor', 'Iterator'], normalize),
  };
}

/** `$` means the result only, the same as no path. The library takes it for a key. */
function withoutRootResultPath<T extends { readonly ResultPath?: string | null }>(fields: T): T {
  const { ResultPath, ...others } = fields;
  return ResultPath === '$' ? others as T : fields;
}

/** The fields that are present, changed. */
function mapFields<K extends keyof State>(
  state: State, fields: readonly K[], change: (value: NonNullable<State[K]>) => unknown,
): Partial<State> {
  const present = fields.filter((field) => state[field] !== undefined && state[field] !== null);
  return Object.fromEntries(present.map((field) => [field, change(state[field] as NonNullable<State[K]>)])) as Partial<State>;
}

/** Rewrites a path, or a call of intrinsic functions that contains paths. Quoted text is unchanged. */
function contextPath(path: string): string {
  return path.replace(/'(?:[^'\\]|\\.)*'|\$\$/g, (found) => found === '$$' ? `$$.${CONTEXT_KEY}` : found);
}

function contextPathsOfTemplate(template: JsonValue): JsonValue {
  if (Array.isArray(template)) return template.map(contextPathsOfTemplate);
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([key, value]) =>
    [key, key.endsWith('.$') && typeof value === 'string' ? contextPath(value) : contextPathsOfTemplate(value)]));
}

function normalizeRule(rule: ChoiceRule): ChoiceRule {
  const { Next, And, Or, Not, Variable, ...comparison } = rule;
  const next = Next === undefined ? {} : { Next };
  if (And) return { ...next, And: And.map(normalizeRule) };
  if (Or) return { ...next, Or: Or.map(normalizeRule) };
  if (Not) return { ...next, Not: normalizeRule(Not) };
  const [operator, operand] = Object.entries(comparison).find(([name]) => name !== 'Comment') ?? ['', undefined];
  return { ...next, ...normalizeComparison(contextPath(Variable ?? '$'), operator, operand) };
}

function normalizeComparison(Variable: string, operator: string, operand: unknown): ChoiceRule {
  // In the library, a rule with `IsPresent: false` never matches.
  if (operator.startsWith('Is')) return operand === false ? { Not: { Variable, [operator]: true } } : { Variable, [operator]: operand };
  const comparison = { Variable, [operator]: operator.endsWith('Path') ? contextPath(String(operand)) : operand };
  const [, type] = /^(String|Numeric|Boolean|Timestamp)/.exec(operator) ?? [];
  // JavaScript would convert a value of another type. In Step Functions, such a comparison is false.
  return type === undefined ? comparison : { And: [{ Variable, [TYPE_TESTS[type]!]: true }, comparison] };
}

/** All states of a definition, including those in branches and iterations. */
export function allStates(graph: StateGraph): [string, State][] {
  return Object.entries(graph.States).flatMap(([name, state]): [string, State][] =>
    [[name, state], ...innerGraphs(state).flatMap((inner) => allStates(inner))]);
}
