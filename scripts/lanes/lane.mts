/**
 * A check that needs more than Node.js and npm give a checkout: another version of a dependency, another language, a tool from another
 * registry. Lanes are not part of `npm test`; `npm run test:lanes` runs them all.
 */
export interface Lane {
  readonly name: string;
  readonly description: string;
  /** What this machine lacks, in words that end "left out: ..."; nothing where the lane can run. */
  missing?(): Promise<string | undefined>;
  /**
   * Installs what the lane needs and runs it.
   *
   * @returns how many of its checks passed and failed
   */
  run(): Promise<Checks>;
}

export interface Checks {
  readonly passed: number;
  readonly failed: number;
}
