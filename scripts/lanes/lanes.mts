import { cdkLane } from './cdk.mts';
import type { Lane } from './lane.mts';

/** All lanes, the quick ones first. */
export const ALL_LANES: readonly Lane[] = [
  cdkLane({
    name: 'cdk-oldest',
    description: 'the constructs with the oldest AWS CDK that the package accepts',
    cdk: '2.257.0',
    constructs: '10.5.1',
    // With this version, cdk-nag 3 does not throw, so its findings would go unnoticed, and the CDK does not validate templates.
    without: ['test/construct/nag.test.ts', 'test/construct/template-validation.test.ts'],
  }),
  cdkLane({
    name: 'cdk-newest',
    description: 'the constructs with the newest AWS CDK',
    cdk: '^2',
    constructs: '^10',
  }),
];
