/** The options of sources without code that users choose from. */

/** The method of requests. */
export enum HttpMethod {
  GET = 'GET',
  POST = 'POST',
}

/** What an offset grows by after each page. */
export enum OffsetAdvance {
  /** By the page size. A page with fewer records must be the last one, or the import fails. */
  ASKED = 'asked',
  /** By the number of records that came. For sources that cap the page size. The first empty page ends the import. */
  RECEIVED = 'received',
}

/** How times are written in requests. */
export enum TimeFormat {
  /** ISO 8601 in UTC, `2026-11-30T00:00:00.000Z`. */
  ISO = 'iso',
  /** Seconds since 1970. */
  SECONDS = 'seconds',
  /** Milliseconds since 1970. */
  MILLISECONDS = 'milliseconds',
}

/** How bodies are written. */
export enum HttpDecoder {
  JSON = 'json',
  /** One JSON text per line. */
  JSON_LINES = 'json-lines',
  /** With a header line; all values are texts. */
  CSV = 'csv',
}

/** How a number is kept that JavaScript would round. */
export enum LargeNumbers {
  /** It is written as it was sent. In code, it is an object that `JSON.stringify` writes so. */
  EXACT = 'exact',
  /** Text. */
  TEXT = 'text',
  /** A `bigint` for integers, text for others. JSON has no `bigint`, so only for handlers that convert it. */
  BIGINT = 'bigint',
}

/** The hash of a signature by HMAC. */
export enum HmacAlgorithm {
  SHA1 = 'sha1',
  SHA256 = 'sha256',
  SHA512 = 'sha512',
}

/** How the bytes of a signature are written. */
export enum SignatureEncoding {
  /** In lower case. */
  HEX = 'hex',
  BASE64 = 'base64',
}

/** What to do with a response. */
export enum HttpErrorAction {
  /** Try again, after a pause that grows. */
  RETRY = 'retry',
  /** Try again when the response's headers allow it; without such a header, as RETRY. Does not count as a failed attempt. */
  WAIT = 'wait',
  /** Fail the import at once. */
  FAIL = 'fail',
  /** It is the end: there are no more records. */
  END = 'end',
  /** Read the credentials again, and try again at once. If that fails too, the import fails. */
  REFRESH = 'refresh',
  /** Ask for fewer records. */
  SMALLER_PAGE = 'smaller-page',
  /** It is a page like any other. */
  ACCEPT = 'accept',
}
