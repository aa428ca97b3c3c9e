/** Failures of a request, besides refusals by the source. Each may work when it is tried again, and some with a smaller page. */

/** A part of a request took too long. */
export class RequestTimeoutError extends Error {
  constructor(what: string, public readonly seconds: number) {
    super(`${what} took longer than ${seconds} s`);
    this.name = 'RequestTimeoutError';
  }
}

/** A body exceeds the limit. */
export class BodyTooLargeError extends Error {
  constructor(public readonly maxBytes: number) {
    super(`the response has more than ${maxBytes} bytes`);
    this.name = 'BodyTooLargeError';
  }
}
