import { basename, relative } from 'node:path';
import { AssemblyError } from './assembly-error';
import { readManifest, readTemplate } from './manifest';
import { isAddressedBy, Resource, resourcesOf } from './resource';
import { nestedStackOf, Stack, stackOf } from './stack';
import { ResourceType } from './template';
import { OtherStacks, TemplateScope } from './template-scope';

/** A cloud assembly as the CDK writes it, with all its stacks, including nested ones and those in stages. */
export class Assembly implements OtherStacks {
  /**
   * @param directory the folder that `cdk synth` or `app.synth()` wrote, usually `cdk.out`
   * @throws AssemblyError if it contains no cloud assembly
   */
  static read(directory: string): Assembly {
    return new Assembly(directory);
  }

  private readonly scopes: TemplateScope[] = [];

  private constructor(directory: string) {
    readManifest(directory).forEach((artifact) => this.add(new TemplateScope(stackOf(artifact), this)));
  }

  /** The resources of a type, in the order of the templates. */
  resources(type: string): Resource[] {
    return this.scopes.flatMap(({ stack }) => resourcesOf(stack)).filter((resource) => resource.type === type);
  }

  /** A value in a resource of the template, with its intrinsic functions resolved. @throws AssemblyError */
  resolve({ stack }: Resource, value: unknown): unknown {
    return this.scopeOf(stack).resolve(value);
  }

  exported(name: string): unknown {
    for (const scope of this.scopes) {
      const found = Object.entries(scope.stack.template.Outputs ?? {})
        .find(([, output]) => output.Export && scope.resolve(output.Export.Name) === name);
      if (found) return scope.ownOutput(found[0]);
    }
    throw new AssemblyError(`No stack of the assembly exports ${name}. Synthesize the stack that exports it in the same app.`);
  }

  output(stackName: string, name: string): unknown {
    const scope = this.scopes.find(({ stack }) => stack.name === stackName);
    if (!scope) throw new AssemblyError(`The assembly has no stack ${stackName}, whose output ${name} is needed. Synthesize it in the same app.`);
    return scope.ownOutput(name);
  }

  nested(stack: Stack, logicalId: string): TemplateScope {
    const found = this.scopes.find((scope) => scope.stack.parent?.stack === stack && scope.stack.parent.logicalId === logicalId);
    if (!found) throw new AssemblyError(`The template of nested stack ${logicalId} is not in the assembly. Synthesize the app again.`);
    return found;
  }

  private add(scope: TemplateScope): void {
    this.scopes.push(scope);
    resourcesOf(scope.stack)
      .filter(({ type }) => type === ResourceType.NESTED_STACK)
      .forEach((resource) => this.addNested(scope, resource));
  }

  /** The template of a nested stack is an asset. A template at another URL is not read. */
  private addNested(scope: TemplateScope, { stack, logicalId, properties }: Resource): void {
    const file = stack.assets.get(basename(String(scope.resolve(properties.TemplateURL))));
    if (file === undefined) return;
    const nested = nestedStackOf(stack, logicalId, readTemplate(stack.directory, relative(stack.directory, file)), basename(file));
    this.add(new TemplateScope(nested, this, scope));
  }

  private scopeOf(stack: Stack): TemplateScope {
    return this.scopes.find((scope) => scope.stack === stack)!;
  }
}

/**
 * The one resource that an address matches.
 *
 * @param address a logical id, a construct path, or the end of one; undefined if there is only one
 * @param what the kind of resource, for messages
 * @throws AssemblyError if it matches none or several; the message lists the candidates
 */
export function findResource<T extends { readonly resource: Resource }>(
  candidates: readonly T[], address: string | undefined, what: string,
): T {
  const found = address === undefined ? candidates : candidates.filter(({ resource }) => isAddressedBy(resource, address));
  if (found.length === 1) return found[0]!;
  const paths = (found.length > 1 ? found : candidates).map(({ resource }) => resource.path).join(', ') || 'none';
  const problem = found.length > 1 ? 'several match' : 'no match';
  throw new AssemblyError(`${what} ${address ?? ''}: ${problem}. Name one by its construct path or logical id: ${paths}.`);
}
