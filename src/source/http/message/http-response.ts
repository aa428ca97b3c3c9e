/** A response as it was received. */
export interface RawResponse {
  readonly status: number;
  /** Names in lower case; repeated headers are joined with commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** The decompressed body. */
  readonly bytes: Buffer;
  /** Where it came from, after redirects. */
  readonly url: URL;
}

/** A response whose body can be read. */
export interface HttpResponse extends RawResponse {
  /**
   * The decoded body; `undefined` if there is none.
   *
   * @throws Error if it is not what the decoder expects
   */
  readonly body: () => unknown;
}
