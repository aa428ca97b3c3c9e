import { Stack, Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/**
 * Acknowledges cdk-nag's findings that cannot be avoided, each by its full id: a wildcard that somebody adds later is still reported.
 */

/**
 * Acknowledges a finding of cdk-nag on a construct and what lies below it. Not by `Validations.acknowledge`, which in the oldest CDK that
 * is supported refuses ids with a pseudo parameter in them, such as `AWS::Region`; this is the record that it makes, and cdk-nag reads.
 */
export function acknowledge(scope: IConstruct, id: string, reason: string): void {
  scope.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [id]: reason });
}

/**
 * Acknowledges these resources, as far as they have wildcards, in the policies at or below `scope`.
 *
 * cdk-nag's id of a finding holds logical ids, and the names of exports for resources of other stacks. Both are settled only
 * when the app is synthesized, so the ids are computed then, in the validation that runs between that moment and cdk-nag's.
 */
export function acknowledgeWildcards(scope: IConstruct, arns: () => readonly string[], reason: string): void {
  const acknowledged = new Set<string>();
  scope.node.addValidation({
    validate: () => {
      const resources = (Stack.of(scope).resolve(arns()) as unknown[]).map(flat).filter((resource) => resource.includes('*'));
      for (const resource of resources) {
        if (!acknowledged.has(resource)) acknowledge(scope, `AwsSolutions-IAM5[Resource::${resource}]`, reason);
        acknowledged.add(resource);
      }
      return [];
    },
  });
}

/** A CloudFormation expression as cdk-nag writes it: `<LogicalId.Attribute>` for a reference, joined parts one after another. */
function flat(expression: unknown): string {
  if (typeof expression === 'string') return expression.replace(/\$\{/g, '<').replace(/\}/g, '>');
  const { Ref: ref, ...functions } = expression as { readonly [name: string]: unknown };
  if (ref !== undefined) return `<${flat(ref)}>`;
  if (functions['Fn::GetAtt'] !== undefined) return `<${(functions['Fn::GetAtt'] as unknown[]).map(flat).join('.')}>`;
  if (functions['Fn::ImportValue'] !== undefined) return flat(functions['Fn::ImportValue']);
  if (functions['Fn::Sub'] !== undefined) return flat(functions['Fn::Sub']);
  if (functions['Fn::Join'] !== undefined) {
    const [delimiter, parts] = functions['Fn::Join'] as [string, unknown[]];
    return parts.map(flat).join(delimiter);
  }
  return JSON.stringify(expression);
}
