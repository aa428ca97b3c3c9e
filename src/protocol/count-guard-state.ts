/** State of the count guard: what the numbers of records so far have shown. Constant in size. */
export interface CountGuardState {
  /** Records of the largest page. */
  readonly mostRecords: number;
  /** Records of the last page that had any. */
  readonly lastRecords: number;
  /** Pages without a record in a row, up to the last page. */
  readonly emptyPages: number;
  /** The first page that went on by offset with fewer records than were asked for. */
  readonly shortPage?: CountedPage;
  /** The first one with more. */
  readonly longPage?: CountedPage;
}

/** A page, and how many records came with it. */
export interface CountedPage {
  readonly page: number;
  /** Where it begins. */
  readonly offset: number;
  readonly records: number;
}

/** The count guard before the first page, or where nothing is known of those before. */
export const NEW_COUNT_GUARD: CountGuardState = { mostRecords: 0, lastRecords: 0, emptyPages: 0 };
