/** A token that serves until it expires or is refused. */
export interface Token {
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Keeps a token for all pages, and obtains the next one when it is needed. */
export class AccessToken {
  private token: Promise<Token> | undefined;
  private isBeingObtained = false;

  constructor(private readonly obtain: (signal: AbortSignal) => Promise<Token>, private readonly now: () => number) {}

  public async current(signal: AbortSignal): Promise<string> {
    const known = this.token;
    if (known !== undefined) {
      const { value, expiresAt } = await known;
      if (expiresAt > this.now()) return value;
      // Another page may have noticed it first.
      if (this.token === known) this.token = undefined;
    }
    // A new one is used in any case, however soon it expires.
    return (await (this.token ?? this.next(signal))).value;
  }

  /** The source has refused the token. One that is being obtained is newer: a second request for it would use a refresh token twice. */
  public forget(): void {
    if (!this.isBeingObtained) this.token = undefined;
  }

  /** Pages that are asked for meanwhile wait for the same token. */
  private next(signal: AbortSignal): Promise<Token> {
    this.isBeingObtained = true;
    const token = this.token = this.obtain(signal).finally(() => { this.isBeingObtained = false; });
    token.catch(() => { if (this.token === token) this.token = undefined; });
    return token;
  }
}
