import { NonRetryableError } from '../../handler/errors';

/** The origins to which requests may be sent. */
export class Origins {
  private readonly listed: ReadonlySet<string>;

  constructor(origins: readonly string[]) {
    this.listed = new Set(origins.map((origin) => new URL(origin).origin));
  }

  /**
   * @param home the origin of the source
   * @throws NonRetryableError if a link or redirect leads elsewhere
   */
  public require(url: URL, home: string): void {
    if (url.origin === home || this.listed.has(url.origin)) return;
    throw new NonRetryableError(`The source leads to ${url.origin}, which is not its own origin ${home}; if that is right, add it to origins`);
  }
}
