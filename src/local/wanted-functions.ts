import { Assembly, findResource } from './assembly/assembly';
import { AssemblyError } from './assembly/assembly-error';
import { AssemblyFunction, FunctionOverrides, functionsOf } from './assembly/functions';
import { constructNamed, isAddressedBy, isWithin, Resource } from './assembly/resource';
import { Fault } from './faults/fault';
import { FaultPlan } from './faults/fault-plan';
import { FaultyFetchFunction, isFetchFunction } from './faults/faulty-fetch-function';
import { FaultyHandlerFunction } from './faults/faulty-handler-function';
import { DeferredFunction } from './lambda/deferred-function';
import { FunctionDefinition } from './lambda/function-definition';
import { FunctionLogLine, InvokableFunction } from './lambda/invocation';
import { LocalFunction } from './lambda/local-function';
import { Replacement, ReplacementFunction } from './lambda/replacement-function';

/** What the caller wants to change about an assembly's Lambda functions, by the names of their resources. */
export interface FunctionWishes {
  readonly functions?: Readonly<Record<string, Replacement>>;
  readonly overrides?: Readonly<Record<string, FunctionOverrides>>;
  readonly environment?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly faults?: readonly Fault[];
  readonly onLine?: (line: FunctionLogLine) => void;
}

/** @throws AssemblyError for unknown names: otherwise a typo would run the function that was to be replaced */
export function requireFunctions(assembly: Assembly, wishes: FunctionWishes): void {
  const { functions = {}, overrides = {}, environment = {}, faults = [] } = wishes;
  const all = functionsOf(assembly);
  [...Object.keys(functions), ...Object.keys(overrides)].forEach((address) => findResource(all, address, 'Function'));
  Object.keys(environment).forEach((address) => requireOneConstruct(all, address));
  Object.entries(overrides).forEach(([address, wanted]) => requireText(`overrides['${address}'].environment`, wanted.environment));
  Object.entries(environment).forEach(([address, variables]) => requireText(`environment['${address}']`, variables));
  const fetchFunctions = all.map(({ resource }) => resource).filter(isFetchFunction);
  faults.forEach((fault) => requireImport(fetchFunctions, fault));
}

/** @throws AssemblyError if an address matches no construct with functions, or several constructs */
function requireOneConstruct(functions: readonly AssemblyFunction[], address: string): void {
  const constructs = new Set(functions.flatMap(({ resource }) => constructNamed(resource, address) ?? []));
  if (constructs.size === 1) return;
  const paths = functions.map(({ resource }) => resource.path).join(', ') || 'none';
  const problem = constructs.size === 0 ? 'it contains no function' : `it matches several constructs: ${[...constructs].join(', ')}`;
  throw new AssemblyError(`environment['${address}']: ${problem}. Name an import, or a function, by its construct path. The functions are: ${paths}.`);
}

/** In JavaScript, an unset variable would become the text "undefined". @throws AssemblyError */
function requireText(where: string, variables: Readonly<Record<string, unknown>> = {}): void {
  const [name, value] = Object.entries(variables).find((entry) => typeof entry[1] !== 'string') ?? [];
  if (name !== undefined) throw new AssemblyError(`${where}.${name} is ${String(value)}, and environment variables are text. Give a string, or leave it out.`);
}

/** @throws AssemblyError if a fault applies to no import */
function requireImport(fetchFunctions: readonly Resource[], fault: Fault): void {
  const address = fault.import;
  if (address === undefined || fetchFunctions.some((resource) => isWithin(resource, address))) return;
  const paths = fetchFunctions.map(({ path }) => path).join(', ') || 'none';
  throw new AssemblyError(`${fault}: there is no import at ${address}. Name one by its construct path; the fetch functions of imports are at: ${paths}.`);
}

/** Each function of the assembly as the caller wants it: replaced, overridden or unchanged; under faults if there are any. */
export function invokableFunctions(
  assembly: Assembly, wishes: FunctionWishes, endpoints: Record<string, string>, plan: FaultPlan,
): InvokableFunction[] {
  const { functions: replacements = {}, onLine } = wishes;
  const localOptions = { endpoints, onLine };
  return functionsOf(assembly).map((lambdaFunction) => {
    const { name, arn, resource } = lambdaFunction;
    const replacement = meant(replacements, resource);
    const definition = (): FunctionDefinition => lambdaFunction.definition(overridesOf(resource, wishes));
    if (replacement === undefined && !plan.isEmpty && isFetchFunction(resource)) {
      return new DeferredFunction(name, arn, () => new FaultyFetchFunction(resource, definition(), plan, localOptions));
    }
    const wanted = replacement === undefined
      ? new DeferredFunction(name, arn, () => new LocalFunction(definition(), localOptions))
      : new ReplacementFunction(name, arn, replacement);
    return plan.isEmpty ? wanted : new FaultyHandlerFunction(wanted, plan);
  });
}

/** Variables of an inner construct override those of an outer one, and the function's own override all. */
function overridesOf(resource: Resource, { overrides = {}, environment = {} }: FunctionWishes): FunctionOverrides {
  const own = meant(overrides, resource) ?? {};
  const inherited = Object.entries(environment)
    .flatMap(([address, variables]) => {
      const construct = constructNamed(resource, address);
      return construct === undefined ? [] : [{ construct, variables }];
    })
    .sort((one, other) => one.construct.length - other.construct.length)
    .map(({ variables }) => variables);
  return { ...own, environment: Object.assign({}, ...inherited, own.environment) as Record<string, string> };
}

function meant<T>(byAddress: Readonly<Record<string, T>>, resource: Resource): T | undefined {
  return Object.entries(byAddress).find(([address]) => isAddressedBy(resource, address))?.[1];
}
