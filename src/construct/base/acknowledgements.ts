import { Stack, Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** Acknowledges cdk-nag's unavoidable findings, each by its full id, so that a wildcard that somebody adds later is still reported. */

/**
 * Acknowledges a cdk-nag finding on a construct and its children. Writes the metadata that `Validations.acknowledge` would write: in the
 * oldest supported CDK, that method refuses ids with a pseudo parameter, such as `AWS::Region`.
 */
export function acknowledge(scope: IConstruct, id: string, reason: string): void {
  scope.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [id]: reason });
}

/**
 * Acknowledges those of these resources that have wildcards, in the policies at or below `scope`.
 *
 * A finding's id contains logical ids and, for resources of other stacks, names of exports. Both are final only at synth, so the ids are
 * computed in a validation, which runs before cdk-nag's.
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
