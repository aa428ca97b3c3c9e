/**
 * The options that users choose from. The constructs pass these values to the steps' functions unchanged.
 */

/**
 * How published data is checked against the commit log before readers can see the object or, if there are several objects, their manifest.
 */
export enum IntegrityCheck {
  /**
   * S3 itself compares the object's size and its CRC32, which is combined from those of all chunks. It refuses an object with a lost or
   * duplicated chunk. For several objects, Persist compares the CRC32 that S3 reports for each.
   */
  FULL_OBJECT_CRC32 = 'full-object-crc32',

  /**
   * Persist compares size and ETag of every part. For several objects, S3 compares the ETags of the chunks that it copies. Meant for
   * S3-compatible stores without full-object checksums.
   */
  SIZES_AND_ETAGS = 'sizes-and-etags',
}

/** Server-side encryption that requests to write an object ask for by a header. */
export enum ServerSideEncryption {
  /** Keys of S3. */
  S3_MANAGED = 'AES256',

  /** A key of KMS. */
  KMS = 'aws:kms',

  /** A key of KMS, in two layers. */
  KMS_DUAL_LAYER = 'aws:kms:dsse',
}

/** What to do if the source's `total` differs from the number of imported records. */
export enum TotalMismatch {
  /** Fail before anything is published. The old object stays. */
  FAIL = 'fail',

  /** Publish, with a warning in the result, the manifest and the log of the persist function. */
  WARN = 'warn',
}

/** What to do with an import without records. Applies before `minRecords`. */
export enum OnEmpty {
  /** Publish it like any other, unless `minRecords` forbids it: an object without records or, under a prefix, only a manifest. */
  PUBLISH = 'publish',

  /**
   * Write nothing and keep what is there. The import succeeds with the outcome `skipped`. If the source gave a `total` above 0,
   * `onTotalMismatch` applies first.
   */
  SKIP = 'skip',

  /** Fail with `EmptyImportError` and keep what is there. */
  FAIL = 'fail',
}

/**
 * What to do if a page of a source without page tokens has fewer records than `pageSize`, and a later page is not empty. Offsets always
 * grow by `pageSize`, so the records in between were not read.
 */
export enum ShortPages {
  /**
   * Fail with `ShortPageError`. If the only page with records is short, the handler is asked once more before the import ends, at the
   * offset where that page ends.
   */
  FAIL = 'fail',

  /** Continue. For handlers that filter records themselves: their pages are short, but nothing is missing. */
  ALLOW = 'allow',
}

/** What to do if the same non-empty page comes twice in a row. */
export enum RepeatedPages {
  /** Fail with `RepeatedPageError`: the source probably ignores the offset or the page token. */
  FAIL = 'fail',

  /**
   * Continue. For sources whose pages may really be equal. Cycles of page tokens are still detected, but a source that ignores the offset
   * never ends, so set `maxPages` too.
   */
  ALLOW = 'allow',
}

/** What to do with a number that no output format can represent: NaN, Infinity, -Infinity, and the time of an invalid Date. */
export enum NonFiniteNumbers {
  /** Refuse the page with `InvalidPageError`, which names the page, the record and the path to the number. */
  FAIL = 'fail',

  /** Publish it as `null`, like `JSON.stringify`. In a CSV it is empty. */
  NULL = 'null',
}

/** Compression of the published objects. */
export enum Compression {
  /** No compression. */
  NONE = 'none',

  /**
   * Compress with gzip and set `Content-Encoding: gzip`. Records are compressed while they are fetched, so the chunks in the cache are
   * smaller too.
   */
  GZIP = 'gzip',
}

/** What to do with a record's field that is not a column of the CSV. */
export enum UnknownColumns {
  /** Fail at the record's page, with an error that names the page, the record and, if it looks like a name, the field. */
  FAIL = 'fail',

  /** Leave the field out. */
  DROP = 'drop',
}
