import { App } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks } from 'cdk-nag';
import { PaginatedImportStateMachine } from '../../src';
import { APPS, withImport } from './nag-apps';

/** cdk-nag's findings that are not acknowledged: rule and construct. */
function findings(app: App): string[] {
  app.synth();
  return new AwsSolutionsChecks(app).validateScope(app).violations
    .flatMap(({ ruleName, violatingResources }) => violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`));
}

test.each(APPS)('an import %s has no findings, but for a VPC itself', (_name, newApp) => {
  expect(findings(newApp()).filter((finding) => !finding.includes('/Vpc/'))).toEqual([]);
});

test('a wildcard that is added later is still reported', () => {
  const found = findings(withImport((stack) => {
    const orders = new PaginatedImportStateMachine(stack, 'Orders', stack.props());
    orders.fetchFunction.addToRolePolicy(new iam.PolicyStatement({ actions: ['secretsmanager:*'], resources: ['arn:aws:secretsmanager:eu-west-1:123456789012:secret:*'] }));
  })());
  expect(found).toEqual([
    expect.stringMatching(/^AwsSolutions-IAM5\[Action::secretsmanager:\*\] .*Functions\/Fetch\/Role/),
    expect.stringMatching(/^AwsSolutions-IAM5\[Resource::arn:aws:secretsmanager.*\] .*Functions\/Fetch\/Role/),
  ]);
});
