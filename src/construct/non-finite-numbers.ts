import { NonFiniteNumbers as NonFiniteNumbersValue } from '../protocol/environment';

/** What becomes of a number that no output format can carry: NaN, Infinity, -Infinity, and the time of an invalid Date. */
export enum NonFiniteNumbers {
  /** The page is refused with `InvalidPageError`, which names the page, the record and the path to the number. */
  FAIL = 'FAIL',

  /** It is published as `null`, as `JSON.stringify` has it; in a CSV it is empty. */
  NULL = 'NULL',
}

/** As the fetch function reads it. */
export const NON_FINITE_NUMBERS_VALUES: { readonly [choice in NonFiniteNumbers]: NonFiniteNumbersValue } = {
  [NonFiniteNumbers.FAIL]: NonFiniteNumbersValue.FAIL,
  [NonFiniteNumbers.NULL]: NonFiniteNumbersValue.NULL,
};
