import { IntegrityCheck as IntegrityCheckValue } from '../protocol/environment';

/** How what is published is checked against the commit log before readers can see it, or its manifest where there are several objects. */
export enum IntegrityCheck {
  /**
   * S3 itself compares the object's size and its CRC32, combined from those of all chunks, and refuses a lost or doubled one. Where there
   * are several objects, Persist compares the CRC32 that S3 tells of each.
   */
  FULL_OBJECT_CRC32 = 'FULL_OBJECT_CRC32',

  /**
   * Persist compares size and ETag of every part; of several objects, S3 compares the ETags of the chunks that it copies. For S3-compatible
   * stores that know no full-object checksums.
   */
  SIZES_AND_ETAGS = 'SIZES_AND_ETAGS',
}

/** As the persist function reads it. */
export const INTEGRITY_CHECK_VALUES: { readonly [check in IntegrityCheck]: IntegrityCheckValue } = {
  [IntegrityCheck.FULL_OBJECT_CRC32]: IntegrityCheckValue.FULL_OBJECT_CRC32,
  [IntegrityCheck.SIZES_AND_ETAGS]: IntegrityCheckValue.SIZES_AND_ETAGS,
};
