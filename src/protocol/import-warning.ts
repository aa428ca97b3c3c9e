import { WARNING_MESSAGE_CHARACTERS, WARNINGS_PER_IMPORT } from './defaults';

/** What a warning is about. Alarms and tests may rely on these values: they are part of the result and the manifest. */
export const WarningCode = {
  /** The source's `total` differs from the number of records, and `onTotalMismatch` is WARN. */
  TOTAL_MISMATCH: 'total-mismatch',
  /** The import has one page by offset with fewer records than requested, and the source could not confirm that there are no more. */
  END_NOT_CONFIRMED: 'end-not-confirmed',
  /** The last page has as many records as were asked for and no token of a next one, and nothing confirms that it is the last one. */
  FULL_LAST_PAGE: 'full-last-page',
  /** The source's number of pages differs from the number of pages that came. */
  PAGE_COUNT_MISMATCH: 'page-count-mismatch',
  /** An empty array ended the import, but may be a page whose records the handler filtered out. */
  END_AT_EMPTY_PAGE: 'end-at-empty-page',
  /** Configured columns of the CSV are empty, because no record has them. */
  UNSEEN_COLUMNS: 'unseen-columns',
} as const;
export type WarningCode = typeof WarningCode[keyof typeof WarningCode];

/**
 * A possible problem that only a person can judge. The import is published anyway. No field contains a record's value, a page token or the
 * input.
 */
export interface ImportWarning {
  readonly code: WarningCode;
  /** What was noticed, and what to do about it. */
  readonly message: string;
  /** Number of the page at which it was noticed. */
  readonly page?: number;
  /** The numbers that the message names. */
  readonly counts?: Readonly<Record<string, number>>;
}

/** The first warnings, with bounded messages: a result must fit into a state, with room to spare. */
export function boundedWarnings(warnings: readonly ImportWarning[]): readonly ImportWarning[] {
  return warnings.slice(0, WARNINGS_PER_IMPORT).map(({ message, ...warning }) => ({
    ...warning, message: message.slice(0, WARNING_MESSAGE_CHARACTERS),
  }));
}
