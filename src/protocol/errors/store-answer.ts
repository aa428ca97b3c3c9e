import { quoted } from './quoted';

/** What a store answered, or why it did not, as far as known. */
export interface StoreAnswer {
  /** The store's own code, such as `AccessDenied`. */
  readonly code?: string;
  /** The HTTP status. */
  readonly status?: number;
  readonly requestId?: string;
  /** AWS support asks for both ids. */
  readonly extendedRequestId?: string;
  /** The store's message, or the reason why there was no answer. */
  readonly text?: string;
}

/** Options of an error from a request to the store. */
export interface StoreErrorOptions extends ErrorOptions {
  /** @default - nothing is known */
  readonly answer?: StoreAnswer;
}

/** The answer, to follow the request in a message: ` (AccessDenied, HTTP 403, request id 1, extended request id 2: Access Denied)`. */
export function answered(answer: StoreAnswer = {}): string {
  const { code, status, requestId, extendedRequestId, text } = answer;
  const facts = [
    code, status && `HTTP ${status}`, requestId && `request id ${requestId}`, extendedRequestId && `extended request id ${extendedRequestId}`,
  ].filter(Boolean).join(', ');
  const told = [facts, text && quoted(text.replace(/\.$/, ''))].filter(Boolean).join(': ');
  return told === '' ? '' : ` (${told})`;
}
