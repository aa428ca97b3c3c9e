/**
 * What users choose between. The constructs give these values to the steps' functions as they are.
 */

/** How what is published is checked against the commit log before readers can see it, or its manifest where there are several objects. */
export enum IntegrityCheck {
  /**
   * S3 itself compares the object's size and its CRC32, combined from those of all chunks, and refuses a lost or doubled one. Where there
   * are several objects, Persist compares the CRC32 that S3 tells of each.
   */
  FULL_OBJECT_CRC32 = 'full-object-crc32',

  /**
   * Persist compares size and ETag of every part; of several objects, S3 compares the ETags of the chunks that it copies. For S3-compatible
   * stores that know no full-object checksums.
   */
  SIZES_AND_ETAGS = 'sizes-and-etags',
}

/** What becomes of an import that has another number of records than the `total` that its source gave. */
export enum TotalMismatch {
  /** It fails before anything is published: the object that was there before stands. */
  FAIL = 'fail',

  /** It is published, with a warning in the result, the manifest and the log of the persist function. */
  WARN = 'warn',
}

/** What becomes of an import without records. It is asked before `minRecords` is. */
export enum OnEmpty {
  /** It is published like any other, unless `minRecords` forbids it: an object without records, or a manifest alone below a prefix. */
  PUBLISH = 'publish',

  /**
   * Nothing is written, and what was there before stands. The import succeeds, with `skipped` as its outcome; one whose source gave a
   * `total` of more than nothing is a matter of `onTotalMismatch` first.
   */
  SKIP = 'skip',

  /** The import fails with `EmptyImportError`, and what was there before stands. */
  FAIL = 'fail',
}

/**
 * What happens when a page of a source without page tokens has fewer records than `pageSize`, and a later page is not empty. Offsets
 * grow by `pageSize` whatever came, so the records between the two were not read.
 */
export enum ShortPages {
  /**
   * The import fails with `ShortPageError`. One whose only page with records is short does not end before the handler was asked once
   * more, at the offset where that page ends.
   */
  FAIL = 'fail',

  /** The import goes on. For handlers that leave records out by themselves: their pages are short, and nothing is missing. */
  ALLOW = 'allow',
}

/** What happens when a page has exactly the records of the page before it, and is not empty. */
export enum RepeatedPages {
  /** The import fails with `RepeatedPageError`: the source probably ignores the offset or the page token. */
  FAIL = 'fail',

  /**
   * The import goes on. For sources whose pages may really be equal. Page tokens that go round in a circle are noticed all the same, but a
   * source that ignores the offset never ends: give `maxPages` too.
   */
  ALLOW = 'allow',
}

/** What becomes of a number that no output format can carry: NaN, Infinity, -Infinity, and the time of an invalid Date. */
export enum NonFiniteNumbers {
  /** The page is refused with `InvalidPageError`, which names the page, the record and the path to the number. */
  FAIL = 'fail',

  /** It is published as `null`, as `JSON.stringify` has it; in a CSV it is empty. */
  NULL = 'null',
}

/** How what is published is compressed. */
export enum Compression {
  /** Not at all. */
  NONE = 'none',

  /**
   * By gzip, with `gzip` as the object's `Content-Encoding`. Records are compressed as they are fetched, so that the chunks in the cache
   * are smaller by as much.
   */
  GZIP = 'gzip',
}

/** What becomes of a field of a record that is no column of the CSV. */
export enum UnknownColumns {
  /** The import fails at the record's page, with an error that names page and record, and the field if it looks like a name. */
  FAIL = 'fail',

  /** It is left out. */
  DROP = 'drop',
}
