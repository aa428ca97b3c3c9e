import { AspectPriority, CfnResource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct, IConstruct } from 'constructs';
import { ROLE_POLICY_CHARACTERS } from '../../protocol/limits';
import { whenComplete } from './complete-app';
import { acknowledgeRule, COMPLIANCE_PACKS } from './rule-packs';

/** Maximum size of the role's own policy: half of IAM's limit, so that the other half is left for grants of users. */
const OWN_CHARACTERS = ROLE_POLICY_CHARACTERS / 2;

/** Runs before CDK splits long policies. */
const PRIORITY = AspectPriority.MUTATING - 1;

/**
 * A role with inline permissions. CDK would create a second resource for them, and a stack may have at most 500.
 *
 * It contains only what is added before `settle()`. Later grants come from users. They go into CDK's default policy, which CDK splits if it
 * grows too long.
 */
export class CompactRole extends iam.Role {
  /** `undefined` once settled, and while iam.Role's constructor runs. */
  private pending?: iam.PolicyStatement[];

  constructor(scope: Construct, id: string, assumedBy: iam.IPrincipal) {
    super(scope, id, { assumedBy });
    this.pending = [];
    acknowledgeRule(this, COMPLIANCE_PACKS, 'IAMNoInlinePolicy', 'Only this role may have these permissions, and a managed policy could be attached to others.');
  }

  public addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    if (this.pending === undefined) return super.addToPrincipalPolicy(statement);
    this.pending.push(statement);
    return { statementAdded: true, policyDependable: this };
  }

  /** Completes the role's inline permissions. */
  public settle(): void {
    const { pending = [], resource } = this;
    this.pending = undefined;
    const policyDocument = new iam.PolicyDocument({ statements: pending });
    const putBeside = (): void => pending.forEach((statement) => super.addToPrincipalPolicy(statement));
    // There is no resource if the app uses existing roles (iam.Role.customizeRoles).
    if (resource === undefined || lengthOf(policyDocument, this) > OWN_CHARACTERS) return putBeside();
    whenComplete(this, PRIORITY, () => {
      if (isNamedByKey(resource)) putBeside();
      else resource.policies = [{ policyName: 'Own', policyDocument }];
    });
  }

  private get resource(): iam.CfnRole | undefined {
    const { defaultChild } = this.node;
    return isResource(defaultChild, iam.CfnRole.CFN_RESOURCE_TYPE_NAME) ? defaultChild as iam.CfnRole : undefined;
  }
}

/** Approximate length of the deployed document: references are longer in the template. */
function lengthOf(document: iam.PolicyDocument, scope: Construct): number {
  return JSON.stringify(Stack.of(scope).resolve(document)).length;
}

/**
 * Whether a KMS key's policy names the role. Then the key depends on the role, and the bucket that it encrypts depends on the key. An
 * inline policy for that bucket would make the role depend on itself.
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
