import { readFileSync } from 'node:fs';
import { StateMachineDefinition } from '../state-machine/definition';
import { Assembly } from './assembly';
import { AssemblyError } from './assembly-error';
import { arnOf, physicalName } from './physical-names';
import { describeResource, Resource } from './resource';
import { ResourceType } from './template';

/** A Step Functions state machine of the assembly. */
export interface AssemblyStateMachine {
  readonly resource: Resource;
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** With the names and ARNs of this assembly. @throws AssemblyError if there is no usable definition */
  definition(): StateMachineDefinition;
}

export function stateMachinesOf(assembly: Assembly): AssemblyStateMachine[] {
  return assembly.resources(ResourceType.STATE_MACHINE).map((resource) => {
    const resolve = (value: unknown): unknown => assembly.resolve(resource, value);
    return {
      resource,
      name: physicalName(resource, resolve),
      arn: arnOf(resource, resolve),
      roleArn: String(resolve(resource.properties.RoleArn)),
      definition: () => definitionOf(assembly, resource),
    };
  });
}

function definitionOf(assembly: Assembly, resource: Resource): StateMachineDefinition {
  const { StateMachineType, DefinitionSubstitutions } = resource.properties;
  if (assembly.resolve(resource, StateMachineType) === 'EXPRESS') {
    throw new AssemblyError(`State machine ${describeResource(resource)} is an express workflow; only standard ones run here. Make it standard.`);
  }
  const substitutions = (assembly.resolve(resource, DefinitionSubstitutions) ?? {}) as Record<string, unknown>;
  const text = definitionText(assembly, resource)
    .replace(/\$\{([A-Za-z0-9_.-]+)\}/g, (placeholder, name: string) => name in substitutions ? String(substitutions[name]) : placeholder);
  return JSON.parse(text) as StateMachineDefinition;
}

/** A definition is in the template, as text or as an object, or it is an asset. */
function definitionText(assembly: Assembly, resource: Resource): string {
  const { DefinitionString, Definition, DefinitionS3Location } = resource.properties;
  if (DefinitionString !== undefined) return String(assembly.resolve(resource, DefinitionString));
  if (Definition !== undefined) return JSON.stringify(assembly.resolve(resource, Definition));
  const { Key } = assembly.resolve(resource, DefinitionS3Location ?? {}) as { Key?: string };
  const file = resource.stack.assets.get(String(Key));
  if (file === undefined) throw new AssemblyError(`State machine ${describeResource(resource)} has no definition in the assembly. Synthesize the app again.`);
  return readFileSync(file, 'utf8');
}
