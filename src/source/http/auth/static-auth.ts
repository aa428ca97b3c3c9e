import { ApiKeyAuth, BasicAuth, BearerAuth } from '../../../protocol/http-settings';
import { OutgoingRequest } from '../message/outgoing-request';
import type { Authenticator, AuthTools } from './authenticator';

/** Credentials that are sent as they are. */
abstract class StaticAuth implements Authenticator {
  constructor(protected readonly tools: Pick<AuthTools, 'secrets'>) {}

  public abstract apply(request: OutgoingRequest, signal: AbortSignal): Promise<OutgoingRequest>;

  public renew(): void {
    this.tools.secrets.forget();
  }
}

export class Bearer extends StaticAuth {
  constructor(private readonly auth: BearerAuth, tools: Pick<AuthTools, 'secrets'>) {
    super(tools);
  }

  public async apply(request: OutgoingRequest, signal: AbortSignal): Promise<OutgoingRequest> {
    return withBearer(request, await this.tools.secrets.valueOf(this.auth.token, signal));
  }
}

export class ApiKey extends StaticAuth {
  constructor(private readonly auth: ApiKeyAuth, tools: Pick<AuthTools, 'secrets'>) {
    super(tools);
  }

  public async apply(request: OutgoingRequest, signal: AbortSignal): Promise<OutgoingRequest> {
    const { key, send: { header, query } } = this.auth;
    const value = await this.tools.secrets.valueOf(key, signal);
    if (header !== undefined) return withHeader(request, header, value);
    const url = new URL(request.url);
    url.searchParams.set(query!, value);
    return { ...request, url };
  }
}

export class Basic extends StaticAuth {
  constructor(private readonly auth: BasicAuth, tools: Pick<AuthTools, 'secrets'>) {
    super(tools);
  }

  public async apply(request: OutgoingRequest, signal: AbortSignal): Promise<OutgoingRequest> {
    const { secrets } = this.tools;
    const user = await secrets.valueOf(this.auth.user, signal);
    const password = await secrets.valueOf(this.auth.password ?? '', signal);
    const both = Buffer.from(`${user}:${password}`).toString('base64');
    secrets.keepOut(both);
    return withHeader(request, 'authorization', `Basic ${both}`);
  }
}

/** A request with one more header, or with another value of it. */
export function withHeader(request: OutgoingRequest, name: string, value: string): OutgoingRequest {
  return { ...request, headers: { ...request.headers, [name.toLowerCase()]: value } };
}

export function withBearer(request: OutgoingRequest, token: string): OutgoingRequest {
  return withHeader(request, 'authorization', `Bearer ${token}`);
}
