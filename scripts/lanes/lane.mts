/**
 * A check that needs more than Node.js and npm provide: another version of a dependency, another language, or a tool from another registry.
 * Lanes are not part of `npm test`; `npm run test:lanes` runs them all.
 */
export interface Lane {
  readonly name: string;
  readonly description: string;
  /** What this machine lacks, to complete "left out: ..."; `undefined` if the lane can run. */
  missing?(): Promise<string | undefined>;
  /**
   * Installs what the lane needs and runs it.
   *
   * @returns the numbers of passed and failed checks
   */
  run(): Promise<Checks>;
}

export interface Checks {
  readonly passed: number;
  readonly failed: number;
}
