/** How messages name an import. */
export interface ImportContext {
  readonly importId: string;
  /** ARN of the execution that started the import. */
  readonly executionArn: string;
  /** Whether the import is part of a larger state machine. */
  readonly embedded?: boolean;
}

/** How messages name a page. */
export interface PageContext extends ImportContext {
  readonly pageNumber: number;
  /** The first 12 hex digits of the SHA-256 of the token that the page is requested with. `null` for none. */
  readonly tokenDigest: string | null;
}
