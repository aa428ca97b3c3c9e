import type { Context } from 'aws-lambda';
import { endingWhenBroken } from '../../../src/runtime/lambda/ending-when-broken';
import { BrokenProcess } from '../../../src/runtime/ports/broken-process';

const nextTurn = async (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

/** A source, and the calls it gets, in order. */
function sourceOf(broken?: BrokenProcess) {
  const done: string[] = [];
  return { done, source: { broken, endInvocation: () => void done.push('end of the invocation') }, exit: () => void done.push('exit') };
}

const CONTEXT = {} as Context;
const fails = async (): Promise<never> => Promise.reject(new Error('crashed'));

test('a broken process ends, but only after the failure could be reported', async () => {
  const { done, source, exit } = sourceOf(new BrokenProcess('uncaughtException', 'late'));

  await expect(endingWhenBroken(source, fails, exit)({}, CONTEXT)).rejects.toThrow('crashed');
  await nextTurn();
  done.push('reported');
  await nextTurn();
  expect(done).toEqual(['end of the invocation', 'reported', 'exit']);
});

test.each([
  ['an answer', async () => 'state'],
  ['any other failure', fails],
])('the process continues after %s', async (_what, handler) => {
  const { done, source, exit } = sourceOf();
  await endingWhenBroken<unknown, unknown>(source, handler, exit)({}, CONTEXT).catch(() => {});
  for (let turn = 0; turn < 5; turn++) await nextTurn();

  expect(done).toEqual(['end of the invocation']);
});
