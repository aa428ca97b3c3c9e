import { RawResponse } from '../message/http-response';
import { ReadPage } from '../paging/style';

/** Sees what the engine does, and changes nothing: for the preview. It gets no requests, which have credentials. */
export interface HttpObserver {
  /** A request is about to be sent. */
  onRequest(): void;
  /** Its response has come, a redirect or a refusal included. */
  onResponse(response: RawResponse): void;
  /** Nothing says where the records are, and this path was taken. */
  onGuess(path: string): void;
  /** A page is complete. */
  onPage(page: ReadPage): void;
}
