import { SecretReference } from '../../../protocol/http-settings';
import { NonRetryableError } from '../../handler/errors';
import { Token } from './access-token';
import { AuthTools } from './authenticator';

/** A token is renewed so long before it expires, or after half of a short life: a request takes a while, and clocks differ. */
const MARGIN_MILLISECONDS = 60_000;

/** For how long a token is used whose server does not say when it expires. */
const UNKNOWN_SECONDS = 300;

/** Statuses at which an endpoint for tokens or logins may answer otherwise at the next attempt. */
export const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/** What the endpoint answers: https://www.rfc-editor.org/rfc/rfc6749#section-5 */
interface TokenResponse {
  readonly access_token?: unknown;
  readonly expires_in?: unknown;
  readonly refresh_token?: unknown;
  readonly error?: unknown;
}

/** Tokens that were granted. */
export interface Grant {
  readonly access: Token;
  readonly refreshToken: string | undefined;
}

/** The endpoint has refused for good. */
export class TokenRefusedError extends NonRetryableError {
  /** @param code a code of the standard, such as `invalid_grant` */
  constructor(message: string, public readonly code: string | undefined) {
    super(message);
  }
}

/** Who asks for tokens. */
export interface TokenClient {
  readonly tokenUrl: string;
  readonly clientId: SecretReference | string;
  /** @default - a public client, which only has an id */
  readonly clientSecret?: SecretReference;
}

/** Where OAuth 2.0 tokens come from. */
export class TokenEndpoint {
  constructor(private readonly asking: TokenClient, private readonly tools: AuthTools) {}

  /**
   * @param what what a refusal is about, for the message
   * @throws TokenRefusedError if the endpoint refuses
   * @throws Error if another attempt may work
   */
  public async ask(fields: Readonly<Record<string, string>>, what: string, signal: AbortSignal): Promise<Grant> {
    const { client } = this.tools;
    const { id, authorization } = await this.identity(signal);
    const response = await client.send({
      method: 'POST',
      url: new URL(this.asking.tokenUrl),
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'accept': 'application/json', ...authorization && { authorization } },
      body: new URLSearchParams({ ...fields, ...authorization === undefined && { client_id: id } }).toString(),
    }, signal);
    const body = jsonOf(response.bytes);
    if (response.status !== 200) throw this.refused(response.status, body, what);
    return this.grantIn(body);
  }

  public get name(): string {
    const { origin, pathname } = new URL(this.asking.tokenUrl);
    return `${origin}${pathname}`;
  }

  private async identity(signal: AbortSignal): Promise<{ readonly id: string; readonly authorization?: string }> {
    const { secrets } = this.tools;
    const id = await secrets.valueOf(this.asking.clientId, signal);
    if (this.asking.clientSecret === undefined) return { id };
    const secret = await secrets.valueOf(this.asking.clientSecret, signal);
    // Section 2.3.1: both are form-encoded first, and servers must support this way.
    const both = Buffer.from(`${formEncoded(id)}:${formEncoded(secret)}`).toString('base64');
    secrets.keepOut(both);
    return { id, authorization: `Basic ${both}` };
  }

  private grantIn({ access_token: value, expires_in: seconds, refresh_token: refreshToken }: TokenResponse): Grant {
    const { secrets, now } = this.tools;
    // First of all: whatever goes wrong from here on must not show it.
    const hasRotated = typeof refreshToken === 'string' && refreshToken !== '';
    if (hasRotated) secrets.keepOut(refreshToken);
    if (typeof value !== 'string' || value === '') throw new NonRetryableError(`${this.name} answered without an access_token`);
    secrets.keepOut(value);
    const life = (Number(seconds) > 0 ? Number(seconds) : UNKNOWN_SECONDS) * 1000;
    const access = { value, expiresAt: now() + life - Math.min(MARGIN_MILLISECONDS, life / 2) };
    return { access, refreshToken: hasRotated ? refreshToken : undefined };
  }

  private refused(status: number, { error }: TokenResponse, what: string): Error {
    if (PASSING.has(status)) return new Error(`${this.name} answered ${status}`);
    const code = typeof error === 'string' && /^[a-z_]{1,50}$/.test(error) ? error : undefined;
    const message = `${this.name} refused ${what} with status ${status}`;
    return new TokenRefusedError(code === undefined ? message : `${message} (${code})`, code);
  }
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
