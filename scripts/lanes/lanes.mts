import { cdkLane } from './cdk.mts';
import type { Lane } from './lane.mts';

/** Every lane, the quick ones first. */
export const ALL_LANES: readonly Lane[] = [
  cdkLane({
    name: 'cdk-least',
    description: 'the constructs with the oldest AWS CDK that the package accepts',
    cdk: '2.257.0',
    constructs: '10.5.1',
    // cdk-nag 3 does not throw with this version: its findings would go unseen.
    without: ['test/construct/nag.test.ts'],
  }),
  cdkLane({
    name: 'cdk-newest',
    description: 'the constructs with the newest AWS CDK',
    cdk: '^2',
    constructs: '^10',
  }),
];
