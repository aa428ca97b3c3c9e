/** What the program that loads a source module at synth says of it: JSON, on a file descriptor of its own. */
export interface SourceVerdict {
  /** What is wrong; absent for nothing. */
  readonly problem?: string;
}

/** The file descriptor. */
export const SOURCE_VERDICT_FD = 3;
