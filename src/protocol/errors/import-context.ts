/** An import as messages name it. */
export interface ImportContext {
  readonly importId: string;
  /** ARN of the execution that started the import. */
  readonly executionArn: string;
  /** Whether the import is part of a larger state machine. */
  readonly embedded?: boolean;
}

/** A page as messages name it. */
export interface PageContext extends ImportContext {
  readonly pageNumber: number;
  /** Of the token that the page is asked for with: the first 12 hexadecimal digits of its SHA-256. `null` for none. */
  readonly tokenDigest: string | null;
}
