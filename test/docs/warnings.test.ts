import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { warn, WarningId } from '../../src/construct/base/warnings';

const docs = readFileSync(join(__dirname, '../../docs/warnings.md'), 'utf8');

test('every warning is documented, and nothing else', () => {
  expect([...docs.matchAll(/^\| `(cdk-paginated-import:\w+)` \|/gm)].map(([, id]) => id)).toEqual(Object.values(WarningId).sort());
});

test.each(Object.values(WarningId))('%s tells how to acknowledge it', (id) => {
  const stack = new Stack(new App(), 'Stack');
  warn(stack, id, 'Something may be wrong.');
  Annotations.fromStack(stack).hasWarning('/Stack', Match.stringLikeRegexp(
    `Something may be wrong\\. If this is right, acknowledge it: Annotations\\.of\\(construct\\)\\.acknowledgeWarning\\('${id}'\\)\\.`,
  ));
});
