import { ClientCredentialsAuth } from '../../../protocol/http-settings';
import { NonRetryableError } from '../../handler/errors';
import { OutgoingRequest } from '../message/outgoing-request';
import { Authenticator, AuthTools } from './authenticator';
import { withHeader } from './static-auth';

/** A token is renewed so long before it expires: a request takes a while, and clocks differ. */
const MARGIN_MILLISECONDS = 60_000;

/** For how long a token is used whose server does not say when it expires. */
const UNKNOWN_SECONDS = 300;

/** Statuses at which the token endpoint may answer otherwise at the next attempt. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

interface Token {
  readonly value: string;
  readonly expiresAt: number;
}

/** OAuth 2.0 client credentials: https://www.rfc-editor.org/rfc/rfc6749#section-4.4 */
export class ClientCredentials implements Authenticator {
  private token: Promise<Token> | undefined;

  constructor(private readonly auth: ClientCredentialsAuth, private readonly tools: AuthTools) {}

  public async apply(request: OutgoingRequest, signal: AbortSignal): Promise<OutgoingRequest> {
    const { value } = await this.current(signal);
    return withHeader(request, 'authorization', `Bearer ${value}`);
  }

  public renew(): void {
    this.token = undefined;
    this.tools.secrets.forget();
  }

  private async current(signal: AbortSignal): Promise<Token> {
    const known = this.token ?? this.exchange(signal);
    const token = await known;
    if (token.expiresAt > this.tools.now()) return token;
    // Another page may have noticed it first.
    return this.token === known ? this.exchange(signal) : this.current(signal);
  }

  /** Pages that are asked for meanwhile wait for the same token. */
  private exchange(signal: AbortSignal): Promise<Token> {
    const token = this.token = this.request(signal);
    token.catch(() => { if (this.token === token) this.token = undefined; });
    return token;
  }

  private async request(signal: AbortSignal): Promise<Token> {
    const { tokenUrl, scope, audience } = this.auth;
    const { secrets, client, now } = this.tools;
    const [id, secret] = [await secrets.valueOf(this.auth.clientId, signal), await secrets.valueOf(this.auth.clientSecret, signal)];
    const form = new URLSearchParams({ grant_type: 'client_credentials', ...scope !== undefined && { scope }, ...audience !== undefined && { audience } });
    const response = await client.send({
      method: 'POST',
      url: new URL(tokenUrl),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'accept': 'application/json',
        // Section 2.3.1: both are form-encoded first, and servers must support this way.
        'authorization': `Basic ${Buffer.from(`${formEncoded(id)}:${formEncoded(secret)}`).toString('base64')}`,
      },
      body: form.toString(),
    }, signal);
    const body = jsonOf(response.bytes);
    if (response.status !== 200) throw this.refused(response.status, body);
    const { access_token: value, expires_in: seconds } = body;
    if (typeof value !== 'string' || value === '') throw new NonRetryableError(`${this.endpoint} answered without an access_token`);
    secrets.keepOut(value);
    return { value, expiresAt: now() + (Number(seconds) || UNKNOWN_SECONDS) * 1000 - MARGIN_MILLISECONDS };
  }

  /** `error` is a code of the standard, such as `invalid_client`. */
  private refused(status: number, { error }: TokenResponse): Error {
    const code = typeof error === 'string' && /^[a-z_]{1,50}$/.test(error) ? ` (${error})` : '';
    const message = `${this.endpoint} refused the client's credentials with status ${status}${code}`;
    return PASSING.has(status) ? new Error(`${this.endpoint} answered ${status}`) : new NonRetryableError(message);
  }

  private get endpoint(): string {
    const { origin, pathname } = new URL(this.auth.tokenUrl);
    return `${origin}${pathname}`;
  }
}

interface TokenResponse {
  readonly access_token?: unknown;
  readonly expires_in?: unknown;
  readonly error?: unknown;
}

function jsonOf(bytes: Buffer): TokenResponse {
  try {
    return JSON.parse(bytes.toString('utf8')) as TokenResponse | null ?? {};
  } catch {
    return {};
  }
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}
