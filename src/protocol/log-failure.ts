/** Why a log was closed: pages in it are wrong, and nothing may be published of it. */
export interface LogFailure {
  /** Name of the error that every step fails with from now on. */
  readonly error: string;
  /** The page that has shown it; it is not in the log. */
  readonly page: number;
  /** The message of the error. */
  readonly message: string;
  /** What opens the log again; absent where nothing does. */
  readonly unless?: FailureUnless;
}

/** What opens a closed log again. */
export const FailureUnless = {
  /** Fetch runs with short pages allowed. */
  SHORT_PAGES_ALLOWED: 'short-pages-allowed',
} as const;
export type FailureUnless = typeof FailureUnless[keyof typeof FailureUnless];
