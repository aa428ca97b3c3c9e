import { constants } from 'node:buffer';
import { largestChunkBytes, largestPageBytes } from '../../src/protocol/memory-shares';

const MIB = 1024 * 1024;

test('a page and a chunk may each have an eighth of the memory', () => {
  expect(largestPageBytes(1024)).toBe(128 * MIB);
  expect(largestChunkBytes(1024)).toBe(128 * MIB);
});

test('a page never has more than fits in a string, however much memory there is', () => {
  expect(largestPageBytes(10_240)).toBeLessThan(constants.MAX_STRING_LENGTH);
  expect(largestPageBytes(10_240)).toBe(256 * MIB);
});
