/** The verdict of the program that loads a source module at synth: JSON, on a file descriptor of its own. */
export interface SourceVerdict {
  /** What is wrong, if anything. */
  readonly problem?: string;
}

export const SOURCE_VERDICT_FD = 3;
