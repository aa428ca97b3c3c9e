import { AssemblyError } from './assembly-error';
import { INTRINSIC_FUNCTIONS, Scope } from './intrinsic-functions';
import { attributeOf, refOf } from './physical-names';
import { Resource, resourceOf } from './resource';
import { Stack } from './stack';
import { ResourceType } from './template';

/** Finds the values that other stacks of the assembly provide. */
export interface OtherStacks {
  /** The value exported under a name. @throws AssemblyError */
  exported(name: string): unknown;
  /** An output of a stack, by the stack's name. @throws AssemblyError */
  output(stackName: string, name: string): unknown;
  /** The nested stack of a resource of `stack`. @throws AssemblyError */
  nested(stack: Stack, logicalId: string): TemplateScope;
}

/** `AWS::NoValue`: properties with it are left out. Unambiguous, since JSON has no `undefined`. */
const NO_VALUE = undefined;

/** Resolves the intrinsic functions of one template to the values that they would have after a deployment. */
export class TemplateScope implements Scope {
  constructor(readonly stack: Stack, private readonly others: OtherStacks, private readonly outer?: TemplateScope) {}

  /**
   * A value of the template with all its functions replaced.
   *
   * @throws AssemblyError that names the function and the logical id
   */
  resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.resolve(item)).filter((item) => item !== NO_VALUE);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [key] = entries[0] ?? [];
    if (entries.length === 1 && isFunction(key!, entries[0]![1])) return this.call(key!, entries[0]![1]);
    return Object.fromEntries(entries.map(([name, item]) => [name, this.resolve(item)]).filter(([, item]) => item !== NO_VALUE));
  }

  /** @throws AssemblyError if the logical id is not in the template */
  resource(logicalId: string): Resource {
    const resource = this.stack.template.Resources?.[logicalId];
    if (!resource) throw new AssemblyError(`There is no ${logicalId} in the template of stack ${this.stack.name}. Synthesize the app again.`);
    return resourceOf(this.stack, logicalId, resource);
  }

  ref(name: string): unknown {
    if (name in this.pseudoParameters()) return this.pseudoParameters()[name];
    if (this.stack.template.Parameters?.[name]) return this.parameter(name);
    return refOf(this.resource(name), (value) => this.resolve(value));
  }

  attribute(logicalId: string, attribute: string): unknown {
    const resource = this.resource(logicalId);
    if (resource.type === ResourceType.NESTED_STACK && attribute.startsWith('Outputs.')) {
      return this.others.nested(this.stack, logicalId).ownOutput(attribute.slice('Outputs.'.length));
    }
    const value = attributeOf(resource, attribute, (property) => this.resolve(property));
    if (value === undefined) {
      throw new AssemblyError(`Fn::GetAtt ${logicalId}.${attribute} (${resource.type} in stack ${this.stack.name}) has no value in a local run. `
        + 'If an environment variable of a function needs it, pass a value for that variable.');
    }
    return value;
  }

  condition(name: string): boolean {
    return Boolean(this.resolve(this.stack.template.Conditions?.[name]));
  }

  mapping(map: string, topLevelKey: string, secondLevelKey: string): unknown {
    const value = this.stack.template.Mappings?.[map]?.[topLevelKey]?.[secondLevelKey];
    if (value === undefined) {
      throw new AssemblyError(`Mapping ${map} of stack ${this.stack.name} has no ${topLevelKey}.${secondLevelKey}. Give the stack an environment with a region.`);
    }
    return value;
  }

  exported(name: string): unknown {
    return this.others.exported(name);
  }

  output(stackName: string, name: string): unknown {
    return this.others.output(stackName, name);
  }

  /** @throws AssemblyError if the stack has no such output */
  ownOutput(name: string): unknown {
    const output = this.stack.template.Outputs?.[name];
    if (!output) throw new AssemblyError(`Stack ${this.stack.name} has no output ${name}. Synthesize the app again.`);
    return this.resolve(output.Value);
  }

  private call(name: string, argument: unknown): unknown {
    const intrinsicFunction = INTRINSIC_FUNCTIONS[name];
    if (!intrinsicFunction) {
      throw new AssemblyError(`${name} in stack ${this.stack.name} is not supported in a local run: ${JSON.stringify(argument)}. `
        + 'If an environment variable of a function needs it, pass a value for that variable.');
    }
    return intrinsicFunction(argument, this);
  }

  private parameter(name: string): unknown {
    const { stack, outer } = this;
    const given = stack.parent && outer?.resource(stack.parent.logicalId).properties.Parameters as Record<string, unknown> | undefined;
    if (given && name in given) return outer!.resolve(given[name]);
    const value = stack.template.Parameters![name]!.Default;
    if (value === undefined) throw new AssemblyError(`Parameter ${name} of stack ${stack.name} has no value. Give it a default.`);
    return value;
  }

  private pseudoParameters(): Readonly<Record<string, unknown>> {
    const { account, region, name } = this.stack;
    return {
      'AWS::AccountId': account,
      'AWS::NoValue': NO_VALUE,
      'AWS::NotificationARNs': [],
      'AWS::Partition': 'aws',
      'AWS::Region': region,
      'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/${name}/00000000-0000-0000-0000-000000000000`,
      'AWS::StackName': name,
      'AWS::URLSuffix': 'amazonaws.com',
    };
  }
}

function isFunction(key: string, argument: unknown): boolean {
  return key.startsWith('Fn::') || (typeof argument === 'string' && (key === 'Ref' || key === 'Condition'));
}
