import { TotalMismatch as TotalMismatchValue } from '../protocol/environment';

/** What becomes of an import that has another number of records than the `total` that its source gave. */
export enum TotalMismatch {
  /** It fails before anything is published: the object that was there before stands. */
  FAIL = 'FAIL',

  /** It is published, with a warning in the result, the manifest and the log of the persist function. */
  WARN = 'WARN',
}

/** As the persist function reads it. */
export const TOTAL_MISMATCH_VALUES: { readonly [mismatch in TotalMismatch]: TotalMismatchValue } = {
  [TotalMismatch.FAIL]: TotalMismatchValue.FAIL,
  [TotalMismatch.WARN]: TotalMismatchValue.WARN,
};
