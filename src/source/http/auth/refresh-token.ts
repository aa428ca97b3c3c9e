import { RefreshTokenAuth } from '../../../protocol/http-settings';
import { NonRetryableError } from '../../handler/errors';
import { OutgoingRequest } from '../message/outgoing-request';
import { AccessToken, Token } from './access-token';
import { Authenticator, AuthTools } from './authenticator';
import { withBearer } from './static-auth';
import { StoredToken } from './stored-token';
import { Grant, TokenEndpoint, TokenRefusedError } from './token-endpoint';

/** How long another process may take to store a token that it was given, in milliseconds before each look. */
const LOOKS = [0, 1_000, 4_000];

const UNENDING = new AbortController().signal;

/**
 * An OAuth 2.0 refresh token: https://www.rfc-editor.org/rfc/rfc6749#section-6
 *
 * Many servers replace it at each use, and the old one ends. So this is the order, whatever else happens:
 *
 *     read the stored token -> exchange it -> store the new one -> use the access token
 *
 * Two processes at once: one of them is refused, since the other has already used the token, and finds the other's new one stored.
 *
 * A process that dies between the answer and its storing loses the new token. That cannot be prevented from here: only servers that accept
 * the old one for a while can.
 */
export class RefreshToken implements Authenticator {
  private readonly endpoint: TokenEndpoint;
  private readonly stored: StoredToken;
  private readonly access: AccessToken;

  constructor(private readonly auth: RefreshTokenAuth, private readonly tools: AuthTools) {
    this.endpoint = new TokenEndpoint(auth, tools);
    this.stored = new StoredToken(auth.refreshToken, tools);
    this.access = new AccessToken(async (signal) => this.obtain(signal), tools.now);
  }

  public async apply(request: OutgoingRequest, signal: AbortSignal): Promise<OutgoingRequest> {
    return withBearer(request, await this.access.current(signal));
  }

  public renew(): void {
    this.access.forget();
    this.tools.secrets.forget();
  }

  private async obtain(signal: AbortSignal): Promise<Token> {
    const sent = await this.stored.latest(signal);
    try {
      return await this.exchange(sent);
    } catch (error) {
      if (!isUsedUp(error)) throw error;
      const other = await this.storedByAnother(sent, signal);
      if (other === undefined) throw this.needsLogin(error);
      return this.exchange(other).catch((again: unknown) => { throw isUsedUp(again) ? this.needsLogin(again) : again; });
    }
  }

  private async exchange(refreshToken: string): Promise<Token> {
    const { scope } = this.auth;
    const fields = { grant_type: 'refresh_token', refresh_token: refreshToken, ...scope !== undefined && { scope } };
    // Never called off: the server may already have replaced the token. The client's time limits still apply.
    const grant: Grant = await this.endpoint.ask(fields, 'the refresh token', UNENDING);
    if (grant.refreshToken !== undefined && grant.refreshToken !== refreshToken) await this.stored.replace(grant.refreshToken);
    return grant.access;
  }

  /** @returns `undefined` if it is still the same */
  private async storedByAnother(sent: string, signal: AbortSignal): Promise<string | undefined> {
    for (const pause of LOOKS) {
      if (pause > 0) await this.tools.sleep(pause, signal);
      const stored = await this.stored.latest(signal);
      if (stored !== sent) return stored;
    }
    return undefined;
  }

  private needsLogin({ message }: TokenRefusedError): NonRetryableError {
    return new NonRetryableError(`${message}: it has expired, was withdrawn, or was used before. Log in again, and store the new one. ${this.stored.name} has the old one`);
  }
}

function isUsedUp(error: unknown): error is TokenRefusedError {
  return error instanceof TokenRefusedError && error.code === 'invalid_grant';
}
