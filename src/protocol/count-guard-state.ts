/** State of the count guard: what the record counts so far have shown. Constant in size. */
export interface CountGuardState {
  /** Records of the largest page. */
  readonly mostRecords: number;
  /** Records of the last page that had any. */
  readonly lastRecords: number;
  /** Consecutive empty pages, up to the last page. */
  readonly emptyPages: number;
  /** The first page by offset that was followed by another and had fewer records than requested. */
  readonly shortPage?: CountedPage;
  /** The first such page with more records than requested. */
  readonly longPage?: CountedPage;
}

/** A page and its number of records. */
export interface CountedPage {
  readonly page: number;
  /** Where it begins. */
  readonly offset: number;
  readonly records: number;
}

/** The count guard before the first page, or if nothing is known about earlier ones. */
export const NEW_COUNT_GUARD: CountGuardState = { mostRecords: 0, lastRecords: 0, emptyPages: 0 };
