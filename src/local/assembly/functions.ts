import { FunctionDefinition } from '../lambda/function-definition';
import { Assembly } from './assembly';
import { AssemblyError } from './assembly-error';
import { functionCode } from './function-code';
import { arnOf, physicalName } from './physical-names';
import { describeResource, Resource } from './resource';
import { ResourceType } from './template';

/** Overrides of a function's settings in the template. */
export interface FunctionOverrides {
  /** Environment variables to add or replace. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Folder with different code for the same handler. */
  readonly codeDirectory?: string;
}

/** A Lambda function of the assembly. */
export interface AssemblyFunction {
  readonly resource: Resource;
  readonly name: string;
  readonly arn: string;
  /**
   * Everything needed to run it. Only read when the function is invoked, so that functions that cannot run here, such as the CDK's own
   * helpers, do no harm.
   *
   * @throws AssemblyError
   */
  definition(overrides?: FunctionOverrides): FunctionDefinition;
}

const DEFAULT_TIMEOUT_SECONDS = 3;
const DEFAULT_MEMORY_MEGABYTES = 128;

export function functionsOf(assembly: Assembly): AssemblyFunction[] {
  return assembly.resources(ResourceType.FUNCTION).map((resource) => {
    const resolve = (value: unknown): unknown => assembly.resolve(resource, value);
    return {
      resource,
      name: physicalName(resource, resolve),
      arn: arnOf(resource, resolve),
      definition: (overrides = {}) => definitionOf(assembly, resource, overrides),
    };
  });
}

function definitionOf(assembly: Assembly, resource: Resource, overrides: FunctionOverrides): FunctionDefinition {
  const { properties, stack } = resource;
  const resolve = (value: unknown): unknown => assembly.resolve(resource, value);
  const runtime = String(resolve(properties.Runtime));
  if (!runtime.startsWith('nodejs')) {
    const kind = properties.Runtime === undefined ? 'a container image' : `of runtime ${runtime}`;
    throw new AssemblyError(`Function ${describeResource(resource)} is ${kind}; only Node.js runs here. Pass a function to replace it in \`functions\`.`);
  }
  return {
    name: physicalName(resource, resolve),
    arn: arnOf(resource, resolve),
    region: stack.region,
    runtime,
    handler: String(resolve(properties.Handler)),
    timeoutSeconds: Number(resolve(properties.Timeout) ?? DEFAULT_TIMEOUT_SECONDS),
    memoryMegabytes: Number(resolve(properties.MemorySize) ?? DEFAULT_MEMORY_MEGABYTES),
    environment: environmentOf(assembly, resource, overrides.environment ?? {}),
    code: overrides.codeDirectory === undefined ? functionCode(assembly, resource) : { directory: overrides.codeDirectory },
  };
}

/** Overridden variables are not resolved, so an override also works for a variable that has no value locally. */
function environmentOf(assembly: Assembly, resource: Resource, overrides: Readonly<Record<string, string>>): Record<string, string> {
  const { Variables = {} } = (resource.properties.Environment ?? {}) as { Variables?: Record<string, unknown> };
  const resolved = Object.entries(Variables)
    .filter(([name]) => !(name in overrides))
    .map(([name, value]): [string, unknown] => [name, resolveVariable(assembly, resource, name, value)])
    .filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(resolved.map(([name, value]) => [name, String(value)])), ...overrides };
}

function resolveVariable(assembly: Assembly, resource: Resource, name: string, value: unknown): unknown {
  try {
    const resolved = assembly.resolve(resource, value);
    if (String(resolved).includes('{{resolve:')) throw new AssemblyError('It is a dynamic reference, which only a deployment resolves.');
    return resolved;
  } catch (error) {
    throw new AssemblyError(
      `Environment variable ${name} of function ${describeResource(resource)} has no value in a local run. Pass one: `
      + `environment: { '${resource.path}': { ${name}: '...' } }. ${(error as Error).message}`,
      { cause: error },
    );
  }
}
