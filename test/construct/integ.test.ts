import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { OrdersStack } from '../integ.orders';

/**
 * The logical ids that users' stacks hold, and so the ids of all constructs: a changed id replaces a resource on its next deployment, a
 * cache with the imports in it among them.
 */
test('the resources keep their logical ids', () => {
  const { Resources } = Template.fromStack(new OrdersStack(new App())).toJSON() as { Resources: Record<string, { Type: string }> };
  const lines = Object.entries(Resources).map(([id, { Type }]) => `${Type.replace('AWS::', '')} ${id}`);
  expect(lines.sort().join('\n')).toMatchSnapshot();
});
