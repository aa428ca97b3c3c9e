import { HttpClient } from '../client/http-client';
import { OutgoingRequest } from '../message/outgoing-request';
import { Secrets } from './secrets';
import { HttpTools } from './tools';

/** Adds credentials to requests. */
export interface Authenticator {
  /** @throws Error if the credentials cannot be read or obtained */
  apply(request: OutgoingRequest, signal: AbortSignal): Promise<OutgoingRequest>;
  /** Gets new credentials when they are next needed: the source has refused these. */
  renew(): void;
  /** A request with these credentials has had no response. */
  noteNoResponse?(): void;
}

/** What authenticators need. */
export interface AuthTools extends Pick<HttpTools, 'now' | 'sleep' | 'writeSecret' | 'log'> {
  readonly secrets: Secrets;
  readonly client: Pick<HttpClient, 'send'>;
}
