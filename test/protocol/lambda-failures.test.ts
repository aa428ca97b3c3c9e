import { readFileSync } from 'node:fs';
import { LASTING_FAILURES, LASTING_LAMBDA_ERRORS, NOT_READY_FAILURES, OTHER_PASSING_FAILURES, PASSING_LAMBDA_ERRORS } from '../../src/protocol/lambda-failures';

/** The errors of Invoke, as the SDK documents them. */
function errorsOfInvoke(): string[] {
  const documented = readFileSync(require.resolve('@aws-sdk/client-lambda/dist-types/commands/InvokeCommand.d.ts'), 'utf8');
  const names = [...documented.matchAll(/@throws \{@link (\w+Exception)\}/g)].map(([, name]) => name!);
  // The base class of all of them.
  return names.filter((name) => name !== 'LambdaServiceException').sort();
}

test('every error of Lambda\'s Invoke is known to pass or to last', () => {
  const known = [...NOT_READY_FAILURES, ...OTHER_PASSING_FAILURES, ...LASTING_FAILURES];
  expect(errorsOfInvoke().length).toBeGreaterThan(30);
  expect([...known].sort()).toEqual(errorsOfInvoke());
});

test('none is taken for both', () => {
  const all = [...PASSING_LAMBDA_ERRORS, ...LASTING_LAMBDA_ERRORS];
  expect(new Set(all).size).toBe(all.length);
});
