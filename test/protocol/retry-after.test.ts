import { secondsUntil } from '../../src/protocol/retry-after';
import { RetryLaterError } from '../../src/source';

const NOW = Date.parse('2026-01-02T03:04:00Z');

test.each<[unknown, number]>([
  [120, 120],
  [0.5, 0.5],
  ['120', 120],
  [' 120 ', 120],
  ['1.5', 1.5],
  [new Date(NOW + 65_500), 65.5],
  ['Fri, 02 Jan 2026 03:05:05 GMT', 65],
  // The obsolete forms that recipients must accept: https://www.rfc-editor.org/rfc/rfc9110.html#section-5.6.7
  ['Friday, 02-Jan-26 03:05:05 GMT', 65],
  ['Fri Jan  2 03:05:05 2026', 65],
  ['2026-01-02T03:05:05Z', 65],
  ['2026-01-02T04:05:05.250+01:00', 65.25],
])('%p is a hint', (retryAfter, seconds) => {
  expect(secondsUntil(retryAfter, NOW)).toBe(seconds);
});

test.each<[unknown]>([
  [0], [-1], [NaN], [Infinity], [-Infinity], ['0'], ['-1'], [''], ['soon'], ['5 minutes'], ['in 3'], ['1e3'], ['0x10'],
  ['Fri, 02 Jan 2026 03:04:00 GMT'], ['Fri, 02 Jan 2026 03:05:05'], ['2026-01-03'], ['Fri, 99 Jan 2026 03:05:05 GMT'],
  [new Date(NOW)], [new Date(NaN)], [null], [undefined], [true], [{}], [[5]], [10n], [Symbol('5')], [() => 5],
])('%p is no hint', (retryAfter) => {
  expect(secondsUntil(retryAfter, NOW)).toBe(0);
});

test('the obsolete form without a zone is in UTC, wherever the code runs', () => {
  const { TZ } = process.env;
  process.env.TZ = 'Asia/Tokyo';
  try {
    expect(secondsUntil('Fri Jan  2 03:05:05 2026', NOW)).toBe(65);
  } finally {
    if (TZ === undefined) delete process.env.TZ;
    else process.env.TZ = TZ;
  }
});

describe('RetryLaterError', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: NOW, doNotFake: ['nextTick', 'setImmediate'] });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  test.each([
    [65], ['65'], ['Fri, 02 Jan 2026 03:05:05 GMT'], [new Date(NOW + 65_000)],
  ])('takes %p, and knows the seconds from then on', (retryAfter) => {
    expect(new RetryLaterError(retryAfter)).toMatchObject({ retryAfterSeconds: 65, message: 'The source asks for a retry in 65 s' });
  });

  test.each([
    [0], [-1], [NaN], [null], [undefined], ['soon'], [new Date(NOW - 1)],
  ])('takes %p for no hint', (retryAfter) => {
    expect(new RetryLaterError(retryAfter)).toMatchObject({
      retryAfterSeconds: 0, message: 'The source asks for a retry without saying when',
    });
  });
});
