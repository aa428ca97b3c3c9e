/** Why a log was closed: it has wrong pages and must not be published. */
export interface LogFailure {
  /** Name of the error that every later step fails with. */
  readonly error: string;
  /** The page that revealed the problem; it is not in the log. */
  readonly page: number;
  /** The error's message. */
  readonly message: string;
  /** What reopens the log; absent if nothing does. */
  readonly unless?: FailureUnless;
}

/** What reopens a closed log. */
export const FailureUnless = {
  /** Fetch runs with short pages allowed. */
  SHORT_PAGES_ALLOWED: 'short-pages-allowed',
} as const;
export type FailureUnless = typeof FailureUnless[keyof typeof FailureUnless];
