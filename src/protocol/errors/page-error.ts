import { PageContext } from './import-context';
import { ImportError } from './paginated-import-error';

/** Root of the errors that name a page. They never name its token, which may be a secret. */
export abstract class PageError extends ImportError {
  public readonly pageNumber: number;
  /** Shortened digest of the token that the page is requested with; `null` for none. */
  public readonly tokenDigest: string | null;

  protected constructor(page: PageContext, message: string, options?: ErrorOptions) {
    super(page, message, options);
    this.pageNumber = page.pageNumber;
    this.tokenDigest = page.tokenDigest;
  }
}

/** Names the page's token by its digest, since the token itself may be a secret. */
export function askedWith({ tokenDigest }: PageContext): string {
  return tokenDigest === null ? 'The request has no page token.' : `The request's page token has SHA-256 ${tokenDigest}.`;
}
