import { WARNING_MESSAGE_CHARACTERS, WARNINGS_PER_IMPORT } from './defaults';

/** What a warning is about. Alarms and tests may rely on these: they are part of the result and of the manifest. */
export const WarningCode = {
  /** The source's `total` differs from the number of records, and `onTotalMismatch` is WARN. */
  TOTAL_MISMATCH: 'total-mismatch',
  /** The import has one page by offset with fewer records than asked for, and the source could not confirm that there are no more. */
  END_NOT_CONFIRMED: 'end-not-confirmed',
  /** An empty array has ended the import where it may be a page whose records the handler has left out. */
  END_AT_EMPTY_PAGE: 'end-at-empty-page',
  /** Columns that the format of the CSV names are empty, since no record has them. */
  UNSEEN_COLUMNS: 'unseen-columns',
} as const;
export type WarningCode = typeof WarningCode[keyof typeof WarningCode];

/**
 * Something about an import that may be wrong, and that only a person can judge. The import is published all the same. No field ever
 * holds a record's value, a page token or the input.
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

/** The first warnings, with messages of bounded length: a result must fit into the state of an execution, with room to spare. */
export function boundedWarnings(warnings: readonly ImportWarning[]): readonly ImportWarning[] {
  return warnings.slice(0, WARNINGS_PER_IMPORT).map(({ message, ...warning }) => ({
    ...warning, message: message.slice(0, WARNING_MESSAGE_CHARACTERS),
  }));
}
