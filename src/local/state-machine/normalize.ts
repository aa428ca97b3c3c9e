import { ChoiceRule, innerGraphs, Json, State, StateGraph } from './definition';

/** Where `interpreter.ts` puts the context object: the interpreter overwrites parts of one at the top. */
export const CONTEXT_KEY = 'Context';

/** The fields with payload templates: in them, only values of keys that end in `.$` are paths. */
const TEMPLATES = ['Parameters', 'ResultSelector', 'ItemSelector'] as const;
const PATHS = [
  'InputPath', 'OutputPath', 'ItemsPath', 'SecondsPath', 'TimestampPath', 'TimeoutSecondsPath', 'MaxConcurrencyPath', 'ErrorPath', 'CausePath',
] as const;

/** By the beginning of a comparison's name: the test that its variable has to pass first. */
const TYPE_TESTS: Readonly<Record<string, string>> = {
  String: 'IsString', Numeric: 'IsNumeric', Boolean: 'IsBoolean', Timestamp: 'IsTimestamp',
};

/** Rewrites a definition so that the interpreter reads it as Step Functions does. */
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

/** `$` means the result alone, as no path does; the interpreter takes it for a key. */
function withoutRootResultPath<T extends { readonly ResultPath?: string | null }>(fields: T): T {
  const { ResultPath, ...others } = fields;
  return ResultPath === '$' ? others as T : fields;
}

/** Those of the fields that are there, each changed. */
function mapFields<K extends keyof State>(
  state: State, fields: readonly K[], change: (value: NonNullable<State[K]>) => unknown,
): Partial<State> {
  const present = fields.filter((field) => state[field] !== undefined && state[field] !== null);
  return Object.fromEntries(present.map((field) => [field, change(state[field] as NonNullable<State[K]>)])) as Partial<State>;
}

/** Of a path, or a call of intrinsic functions with paths in it; texts in quotes stay. */
function contextPath(path: string): string {
  return path.replace(/'(?:[^'\\]|\\.)*'|\$\$/g, (found) => found === '$$' ? `$$.${CONTEXT_KEY}` : found);
}

function contextPathsOfTemplate(template: Json): Json {
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
  // The interpreter takes `IsPresent: false` for a rule that never holds.
  if (operator.startsWith('Is')) return operand === false ? { Not: { Variable, [operator]: true } } : { Variable, [operator]: operand };
  const comparison = { Variable, [operator]: operator.endsWith('Path') ? contextPath(String(operand)) : operand };
  const [, type] = /^(String|Numeric|Boolean|Timestamp)/.exec(operator) ?? [];
  // JavaScript would convert a value of another type; Step Functions says that it is not equal, less or greater.
  return type === undefined ? comparison : { And: [{ Variable, [TYPE_TESTS[type]!]: true }, comparison] };
}

/** All states of a definition, those in branches and iterations included. */
export function allStates(graph: StateGraph): [string, State][] {
  return Object.entries(graph.States).flatMap(([name, state]): [string, State][] =>
    [[name, state], ...innerGraphs(state).flatMap((inner) => allStates(inner))]);
}
