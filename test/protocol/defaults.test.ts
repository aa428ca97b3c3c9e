import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as defaults from '../../src/protocol/defaults';
import * as limits from '../../src/protocol/limits';

const DAY = 24 * 3600;

test('an import may use its timeout twice and lie failed for the redrive window', () => {
  expect(defaults.maximumAgeSeconds(7 * DAY)).toBe(28 * DAY);
  expect(defaults.maximumAgeSeconds(0)).toBe(limits.REDRIVE_WINDOW_DAYS * DAY);
});

test.each([
  ['src/protocol/fetch-contract.ts', 'more than'],
  ['src/source/handler/errors.ts', 'more than'],
  ['README.md', 'beyond'],
])('%s says which waits cost no compute', (file, than) => {
  const text = readFileSync(join(__dirname, '../..', file), 'utf8').replace(/\n \*/g, '').replace(/\s+/g, ' ');

  expect(text).toContain(`${than} ${defaults.SHORT_WAIT_SECONDS} seconds`);
});

describe('the defaults stay within what AWS allows, and fit each other', () => {
  test('chunks are large enough to be copied, and are not copied in vain', () => {
    expect(defaults.CHUNK_BYTES).toBeGreaterThanOrEqual(limits.PART_MIN_BYTES);
    expect(defaults.CHUNK_BYTES).toBeLessThanOrEqual(limits.PART_MAX_BYTES);
  });

  test('functions', () => {
    for (const memory of [defaults.FETCH_MEMORY_MIB, defaults.STEP_MEMORY_MIB, defaults.WHOLE_LOG_MEMORY_MIB]) {
      expect(memory).toBeGreaterThanOrEqual(limits.LAMBDA_MIN_MEMORY_MIB);
      expect(memory).toBeLessThanOrEqual(limits.LAMBDA_MAX_MEMORY_MIB);
    }
    expect(defaults.FUNCTION_TIMEOUT_SECONDS).toBeLessThanOrEqual(limits.LAMBDA_TIMEOUT_SECONDS);
  });

  test('several checkpoints fit into an invocation', () => {
    expect(defaults.CHECKPOINT_INTERVAL_SECONDS).toBeLessThan(defaults.FUNCTION_TIMEOUT_SECONDS / 2);
  });

  test('all retries of a page fit into an invocation', () => {
    let longest = 0;
    for (let attempt = 1; attempt < defaults.PAGE_ATTEMPTS; attempt++) {
      longest += Math.min(defaults.PAGE_RETRY_CAP_SECONDS, defaults.PAGE_RETRY_BASE_SECONDS * 2 ** (attempt - 1));
    }
    expect(longest).toBeLessThan(defaults.FUNCTION_TIMEOUT_SECONDS / 2);
  });

  test('a short wait in the invocation is no dearer than in a Wait state', () => {
    const transition = 25 / 1_000_000;
    const armSecond = 0.0000133334 * defaults.FETCH_MEMORY_MIB / 1024;

    expect(defaults.SHORT_WAIT_SECONDS * armSecond).toBeLessThan(3 * transition);
    // But not much cheaper either: a wait of one second more would be dearer.
    expect((defaults.SHORT_WAIT_SECONDS + 1) * armSecond).toBeGreaterThan(3 * transition);
  });

  test('a full round of events for each round of an execution stays below the history\'s end', () => {
    // Lambda task 5 events, Choice 2; a wait or a retry (at most 5) is a round of its own.
    expect(defaults.ROUNDS_PER_EXECUTION * 7).toBeLessThan(limits.EXECUTION_HISTORY_EVENTS);
    // The docstring promises room for six imports in one machine, with a thousand events for all else.
    expect(6 * defaults.ROUNDS_PER_EMBEDDED_EXECUTION * 7 + 1000).toBeLessThan(limits.EXECUTION_HISTORY_EVENTS);
  });

  test('an import may run as long as an execution, and wait less than it runs', () => {
    expect(defaults.TIMEOUT_DAYS).toBeLessThanOrEqual(limits.EXECUTION_DAYS);
    expect(defaults.MAX_WAIT_SECONDS).toBeLessThan(defaults.TIMEOUT_DAYS * DAY);
  });

  test('the longest token goes through a function\'s request and a commit record', () => {
    expect(defaults.PAGE_TOKEN_BYTES * 2).toBeLessThan(limits.LAMBDA_PAYLOAD_BYTES);
  });
});
