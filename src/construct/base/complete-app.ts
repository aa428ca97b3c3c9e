import { Aspects } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/**
 * Does something when the user's code has run. Once, even if the app is synthesized several times.
 *
 * @param priority before or after which of the app's aspects
 */
export function whenComplete(scope: Construct, priority: number, action: () => void): void {
  let isDone = false;
  Aspects.of(scope).add({
    visit: (node) => {
      if (node !== scope || isDone) return;
      isDone = true;
      action();
    },
  }, { priority });
}
