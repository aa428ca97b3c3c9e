/** Conventional exit codes. For a signal, 128 plus its number. */
export const ExitCode = {
  SUCCEEDED: 0,
  FAILED: 1,
  WRONG_USAGE: 2,
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
} as const;
export type ExitCode = typeof ExitCode[keyof typeof ExitCode];
