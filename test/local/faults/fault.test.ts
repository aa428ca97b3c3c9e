import { Fault } from '../../../src/local/faults/fault';

test.each([
  [() => Fault.tooManyRequests({ page: 0 }), 'Fault.tooManyRequests: page is 0; expected a whole number from 1. Correct the option.'],
  [() => Fault.timeout({ page: 1.5 }), 'Fault.timeout: page is 1.5; expected a whole number from 1. Correct the option.'],
  [() => Fault.hang({ page: NaN }), 'Fault.hang: page is NaN; expected a whole number from 1. Correct the option.'],
  [() => Fault.killBeforeCommit({ page: 1, times: 0 }), 'Fault.killBeforeCommit: times is 0; expected a whole number from 1, or Infinity. Correct the option.'],
  [() => Fault.killAfterCommit({ page: 1, times: -Infinity }), 'Fault.killAfterCommit: times is -Infinity; expected'],
  [() => Fault.tooManyRequests({ page: 1, retryAfterSeconds: -1 }), 'retryAfterSeconds is -1; expected a number of seconds from 0'],
  [() => Fault.tooManyRequests({ page: 1, retryAfterSeconds: Infinity }), 'retryAfterSeconds is Infinity; expected a number of seconds from 0'],
  [() => Fault.serverError({ page: 1, status: 429 }), 'Fault.serverError: status is 429; expected a whole number from 500 to 599'],
  [() => Fault.serverError({ page: 1, status: 600 }), 'status is 600; expected a whole number from 500 to 599'],
  [() => Fault.hang({ page: 1, functionTimeoutSeconds: 901 }), 'functionTimeoutSeconds is 901; expected a whole number from 1 to 900'],
  [() => Fault.hang({ page: 1, functionTimeoutSeconds: 0.5 }), 'functionTimeoutSeconds is 0.5; expected'],
  [() => Fault.repeatedToken({ page: 2, cycleLength: 0 }), 'cycleLength is 0; expected a whole number from 1'],
  [() => Fault.repeatedToken({ page: 1 }), 'page is 1; expected a page after page 1, since page 1 is requested without a token'],
  [() => Fault.repeatedToken({ page: 3, cycleLength: 3 }), 'page is 3; expected a page after page 3, since page 1 is requested without a token'],
])('an option that is out of range is refused: %s', (make, message) => {
  expect(make).toThrow(RangeError);
  expect(make).toThrow(message);
});

test.each([
  [Fault.tooManyRequests({ page: 3 }), { page: 3, times: 1, effect: { kind: 'tooManyRequests', retryAfterSeconds: 30 } }],
  [Fault.tooManyRequests({ page: 3, retryAfterSeconds: 0 }), { effect: { kind: 'tooManyRequests', retryAfterSeconds: 0 } }],
  [Fault.serverError({ page: 3, times: 2 }), { page: 3, times: 2, effect: { kind: 'serverError', status: 503 } }],
  [Fault.timeout({ page: 1, times: Infinity }), { page: 1, times: Infinity, effect: { kind: 'timeout' } }],
  [Fault.hang({ page: 3 }), { page: 3, times: 1, effect: { kind: 'hang', functionTimeoutSeconds: 3 } }],
  [Fault.repeatedToken({ page: 3 }), { page: 3, times: 1, effect: { kind: 'repeatedToken', cycleLength: 1 } }],
  [Fault.repeatedToken({ page: 3, cycleLength: 2 }), { page: 3, times: Infinity, effect: { kind: 'repeatedToken', cycleLength: 2 } }],
  [Fault.repeatedToken({ page: 3, cycleLength: 2, times: 1 }), { page: 3, times: 1, effect: { kind: 'repeatedToken', cycleLength: 2 } }],
  [Fault.oversizePage({ page: 3, import: 'Orders' }), { page: 3, times: 1, import: 'Orders', effect: { kind: 'oversizePage' } }],
])('defaults: %s', (fault, expected) => {
  expect(fault).toMatchObject(expected);
});

test('a fault names itself', () => {
  expect(String(Fault.killAfterCommit({ page: 7 }))).toBe('Fault.killAfterCommit at page 7');
});
