import { IntegrityCheck as IntegrityCheckValue } from '../protocol/environment';

/** How a published object is checked against the commit log before readers can see it. */
export enum IntegrityCheck {
  /** S3 itself compares the object's size and its CRC32, combined from those of all chunks, and refuses a lost or doubled one. */
  FULL_OBJECT_CRC32 = 'FULL_OBJECT_CRC32',

  /** Persist compares size and ETag of every part. For S3-compatible stores that know no full-object checksums. */
  SIZES_AND_ETAGS = 'SIZES_AND_ETAGS',
}

/** As the persist function reads it. */
export const INTEGRITY_CHECK_VALUES: { readonly [check in IntegrityCheck]: IntegrityCheckValue } = {
  [IntegrityCheck.FULL_OBJECT_CRC32]: IntegrityCheckValue.FULL_OBJECT_CRC32,
  [IntegrityCheck.SIZES_AND_ETAGS]: IntegrityCheckValue.SIZES_AND_ETAGS,
};
