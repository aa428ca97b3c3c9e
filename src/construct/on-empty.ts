import { OnEmpty as OnEmptyValue } from '../protocol/environment';

/** What becomes of an import without records. It is asked before `minRecords` is. */
export enum OnEmpty {
  /** It is published like any other, unless `minRecords` forbids it: an object without records, or a manifest alone below a prefix. */
  PUBLISH = 'PUBLISH',

  /**
   * Nothing is written, and what was there before stands. The import succeeds, with `skipped` as its outcome; one whose source gave a
   * `total` of more than nothing is a matter of `onTotalMismatch` first.
   */
  SKIP = 'SKIP',

  /** The import fails with `EmptyImportError`, and what was there before stands. */
  FAIL = 'FAIL',
}

/** As the persist function reads it. */
export const ON_EMPTY_VALUES: { readonly [onEmpty in OnEmpty]: OnEmptyValue } = {
  [OnEmpty.PUBLISH]: OnEmptyValue.PUBLISH,
  [OnEmpty.SKIP]: OnEmptyValue.SKIP,
  [OnEmpty.FAIL]: OnEmptyValue.FAIL,
};
