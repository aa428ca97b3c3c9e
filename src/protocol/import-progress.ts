/** Progress of an import, including pages that are not committed yet. */
export interface ImportProgress {
  readonly importId: string;
  readonly pages: number;
  readonly records: number;
  /** Commit records so far. */
  readonly chunks: number;
}
