import { constants } from 'node:buffer';
import { largestPageBytes } from '../../src/protocol/page-limit';

const MIB = 1024 * 1024;

test('a page may have an eighth of the memory', () => {
  expect(largestPageBytes(1024)).toBe(128 * MIB);
});

test('and never more than fits in a string, however much memory there is', () => {
  expect(largestPageBytes(10_240)).toBeLessThan(constants.MAX_STRING_LENGTH);
  expect(largestPageBytes(10_240)).toBe(256 * MIB);
});
