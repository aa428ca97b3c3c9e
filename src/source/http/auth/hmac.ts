import { createHmac, randomUUID } from 'node:crypto';
import { FORMAT_PLACEHOLDERS, HmacValues, MESSAGE_PLACEHOLDERS, withHmacValues } from '../../../protocol/hmac-placeholders';
import { HmacAlgorithm, HmacAuth, RequestPlace, SignatureEncoding, TimeFormat } from '../../../protocol/http-settings';
import { OutgoingRequest } from '../message/outgoing-request';
import { Authenticator, AuthTools } from './authenticator';
import { withHeader } from './static-auth';

/** A signature of each request by a key that the source knows, too: https://www.rfc-editor.org/rfc/rfc2104 */
export class HmacSignature implements Authenticator {
  constructor(private readonly auth: HmacAuth, private readonly tools: Pick<AuthTools, 'secrets' | 'now'>) {}

  public async apply(request: OutgoingRequest, signal: AbortSignal): Promise<OutgoingRequest> {
    const { key, message, send, format = '{signature}', algorithm = HmacAlgorithm.SHA256, encoding = SignatureEncoding.HEX } = this.auth;
    const secret = await this.tools.secrets.valueOf(key, signal);
    const once = { timestamp: this.timestamp(), nonce: randomUUID() };
    const dated = this.withOnce(request, once);
    const signature = createHmac(algorithm, secret).update(withHmacValues(message, { ...valuesOf(dated), ...once })).digest(encoding);
    this.tools.secrets.keepOutBriefly(signature);
    const sent: HmacValues<typeof FORMAT_PLACEHOLDERS[number]> = { signature, ...once };
    return placed(dated, send, withHmacValues(format, sent));
  }

  public renew(): void {
    this.tools.secrets.forget();
  }

  private timestamp(): string {
    const now = this.tools.now();
    switch (this.auth.timestampFormat) {
      case TimeFormat.ISO: return new Date(now).toISOString();
      case TimeFormat.MILLISECONDS: return String(now);
      default: return String(Math.floor(now / 1000));
    }
  }

  /** Before signing: the signed query has them, if that is where they go. */
  private withOnce(request: OutgoingRequest, once: HmacValues<'timestamp' | 'nonce'>): OutgoingRequest {
    const { timestamp, nonce } = this.auth;
    const dated = timestamp === undefined ? request : placed(request, timestamp, once.timestamp);
    return nonce === undefined ? dated : placed(dated, nonce, once.nonce);
  }
}

/** As they are sent, escapes included. */
function valuesOf({ method, url, body = '' }: OutgoingRequest): Omit<HmacValues<typeof MESSAGE_PLACEHOLDERS[number]>, 'timestamp' | 'nonce'> {
  return { method, host: url.host, path: url.pathname, query: url.search.slice(1), body };
}

/** At the end of the query, whose beginning may be signed and must stay as it is. */
function placed(request: OutgoingRequest, { header, query }: RequestPlace, value: string): OutgoingRequest {
  if (header !== undefined) return withHeader(request, header, value);
  const url = new URL(request.url);
  const before = url.search === '' ? '' : `${url.search.slice(1)}&`;
  url.search = `${before}${encodeURIComponent(query!)}=${encodeURIComponent(value)}`;
  return { ...request, url };
}
