import { PageContext } from './import-context';
import { ImportError } from './paginated-import-error';

/** Root of the errors that name a page. Never its token, which may be a secret. */
export abstract class PageError extends ImportError {
  public readonly pageNumber: number;
  /** Of the token that the page is asked for with, shortened; `null` for none. */
  public readonly tokenDigest: string | null;

  protected constructor(page: PageContext, message: string, options?: ErrorOptions) {
    super(page, message, options);
    this.pageNumber = page.pageNumber;
    this.tokenDigest = page.tokenDigest;
  }
}

/** What the page is asked for with. The token itself may be a secret. */
export function askedWith({ tokenDigest }: PageContext): string {
  return tokenDigest === null ? 'It is asked for without a page token.' : `It is asked for with the page token of SHA-256 ${tokenDigest}.`;
}
