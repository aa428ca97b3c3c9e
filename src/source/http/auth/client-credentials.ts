import { ClientCredentialsAuth } from '../../../protocol/http-settings';
import { OutgoingRequest } from '../message/outgoing-request';
import { AccessToken, Token } from './access-token';
import { Authenticator, AuthTools } from './authenticator';
import { withBearer } from './static-auth';
import { TokenEndpoint } from './token-endpoint';

/** OAuth 2.0 client credentials: https://www.rfc-editor.org/rfc/rfc6749#section-4.4 */
export class ClientCredentials implements Authenticator {
  private readonly endpoint: TokenEndpoint;
  private readonly access: AccessToken;

  constructor(private readonly auth: ClientCredentialsAuth, private readonly tools: AuthTools) {
    this.endpoint = new TokenEndpoint(auth, tools);
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
    const { scope, audience } = this.auth;
    const fields = { grant_type: 'client_credentials', ...scope !== undefined && { scope }, ...audience !== undefined && { audience } };
    return (await this.endpoint.ask(fields, 'the client\'s credentials', signal)).access;
  }
}
