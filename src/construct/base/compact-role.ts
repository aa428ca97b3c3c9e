import { AspectPriority, Aspects, CfnResource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct, IConstruct } from 'constructs';
import { ROLE_POLICY_CHARACTERS } from '../../protocol/limits';

/** What the role itself may hold: the other half of what IAM allows is left to what users grant. */
const OWN_CHARACTERS = ROLE_POLICY_CHARACTERS / 2;

/** Before CDK splits long policies. */
const PRIORITY = AspectPriority.MUTATING - 1;

/**
 * A role that holds its permissions itself. CDK would make a second resource for them, and a stack may have 500.
 *
 * It holds only what it is given before it is settled. Later grants are the users', and go into the policy that CDK makes beside a role: it
 * splits that when it grows too long.
 */
export class CompactRole extends iam.Role {
  /** `undefined` when it is settled, and while iam.Role's own constructor runs. */
  private pending?: iam.PolicyStatement[];

  constructor(scope: Construct, id: string, assumedBy: iam.IPrincipal) {
    super(scope, id, { assumedBy });
    this.pending = [];
  }

  public addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    if (this.pending === undefined) return super.addToPrincipalPolicy(statement);
    this.pending.push(statement);
    return { statementAdded: true, policyDependable: this };
  }

  /** Ends the permissions that the role itself holds. */
  public settle(): void {
    const { pending = [], resource } = this;
    this.pending = undefined;
    const policyDocument = new iam.PolicyDocument({ statements: pending });
    const putBeside = (): void => pending.forEach((statement) => super.addToPrincipalPolicy(statement));
    // Without a resource where the app brings roles that are there already (iam.Role.customizeRoles).
    if (resource === undefined || lengthOf(policyDocument, this) > OWN_CHARACTERS) return putBeside();
    this.whenAppIsComplete(() => {
      if (isNamedByKey(resource)) putBeside();
      else resource.policies = [{ policyName: 'Own', policyDocument }];
    });
  }

  private get resource(): iam.CfnRole | undefined {
    const { defaultChild } = this.node;
    return isResource(defaultChild, iam.CfnRole.CFN_RESOURCE_TYPE_NAME) ? defaultChild as iam.CfnRole : undefined;
  }

  /** An app may be synthesized several times. */
  private whenAppIsComplete(action: () => void): void {
    let isDone = false;
    Aspects.of(this).add({
      visit: (node) => {
        if (node !== this || isDone) return;
        isDone = true;
        action();
      },
    }, { priority: PRIORITY });
  }
}

/** About how many characters a document has when it is deployed: references are longer in the template. */
function lengthOf(document: iam.PolicyDocument, scope: Construct): number {
  return JSON.stringify(Stack.of(scope).resolve(document)).length;
}

/**
 * Whether the policy of a KMS key names the role. Then the key depends on the role, and the bucket that it encrypts depends on the key. If
 * the role held the permissions on that bucket, it would depend on itself.
 */
function isNamedByKey(role: iam.CfnRole): boolean {
  const stack = Stack.of(role);
  const name = JSON.stringify(stack.resolve(role.logicalId));
  return stack.node.findAll().some((node) => isResource(node, kms.CfnKey.CFN_RESOURCE_TYPE_NAME)
    && JSON.stringify(stack.resolve((node as kms.CfnKey).keyPolicy)).includes(name));
}

function isResource(node: IConstruct | undefined, type: string): boolean {
  return node !== undefined && CfnResource.isCfnResource(node) && node.cfnResourceType === type;
}
