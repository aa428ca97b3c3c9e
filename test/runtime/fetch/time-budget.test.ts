import * as fc from 'fast-check';
import { TimeBudget } from '../../../src/runtime/fetch/time-budget';
import { testWorld } from '../../kit/test-world';

const LAMBDA = 900_000;

function budgetOf(remaining: number) {
  const world = testWorld({ remaining });
  return { budget: new TimeBudget(world.invocation), invocation: world.invocation };
}

test('a new budget leaves all but a little of the time', () => {
  const { budget } = budgetOf(LAMBDA);

  expect(budget.untilAbort).toBe(LAMBDA - 500);
  expect(budget.hasTimeForPage).toBe(true);
});

test('the slowest page decides, not the last one', () => {
  const { budget, invocation } = budgetOf(LAMBDA);
  budget.notePage(300_000);
  budget.notePage(20);

  invocation.setRemaining(300_400);
  expect(budget.hasTimeForPage).toBe(false);
  invocation.setRemaining(300_600);
  expect(budget.hasTimeForPage).toBe(true);
});

test('a wait before the page takes its time from it', () => {
  const { budget, invocation } = budgetOf(LAMBDA);
  budget.notePage(2000);

  invocation.setRemaining(5600);
  expect(budget.hasTimeForPageAfter(3000)).toBe(true);
  expect(budget.hasTimeForPageAfter(3200)).toBe(false);
});

test('fast pages may continue to the last second', () => {
  const { budget, invocation } = budgetOf(LAMBDA);
  budget.notePage(20);
  budget.noteCommit(100);

  invocation.setRemaining(600);
  expect(budget.hasTimeForPage).toBe(true);
  invocation.setRemaining(510);
  expect(budget.hasTimeForPage).toBe(false);
});

test('three of the slowest commits are kept in reserve', () => {
  const { budget } = budgetOf(LAMBDA);
  budget.noteCommit(4000);
  budget.noteCommit(2000);

  expect(budget.untilAbort).toBe(LAMBDA - 12_000);
});

test('before the first commit, the reserve comes from the slowest read', () => {
  const { budget } = budgetOf(LAMBDA);
  budget.noteRead(50);
  budget.noteRead(200);

  expect(budget.untilAbort).toBe(LAMBDA - 6000);
  budget.noteCommit(300);
  expect(budget.untilAbort).toBe(LAMBDA - 900);
});

test('however slow the store, half of the invocation is left for pages', () => {
  const { budget } = budgetOf(60_000);
  budget.noteCommit(40_000);

  expect(budget.untilAbort).toBe(30_000);
});

test('the time that is left is never negative', () => {
  const { budget, invocation } = budgetOf(60_000);
  invocation.setRemaining(0);

  expect(budget.untilAbort).toBe(0);
  expect(budget.hasTimeForPage).toBe(false);
});

test('elapsed is the time since the budget was created', () => {
  const { budget, invocation } = budgetOf(60_000);
  invocation.setRemaining(45_000);

  expect(budget.elapsed).toBe(15_000);
});

test('a page as slow as the slowest, started when there is time, leaves time for the outstanding commits', () => {
  const milliseconds = fc.integer({ min: 0, max: 100_000 });
  const atLeastOne = fc.array(milliseconds, { minLength: 1 });
  fc.assert(fc.property(fc.array(milliseconds), atLeastOne, fc.integer({ min: 0, max: LAMBDA }), (pages, commits, remaining) => {
    const { budget, invocation } = budgetOf(LAMBDA);
    pages.forEach((page) => budget.notePage(page));
    commits.forEach((commit) => budget.noteCommit(commit));
    invocation.setRemaining(remaining);
    fc.pre(budget.hasTimeForPage);

    invocation.setRemaining(remaining - Math.max(0, ...pages));

    expect(invocation.remainingMilliseconds()).toBeGreaterThanOrEqual(Math.min(3 * Math.max(...commits), LAMBDA / 2));
  }));
});
