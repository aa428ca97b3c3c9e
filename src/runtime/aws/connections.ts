import { Agent as HttpAgent, AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Readable } from 'node:stream';
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';

/** Sends the requests of an SDK client. */
export type RequestHandler = S3Client['config']['requestHandler'];

/** Options of such a handler, as a client accepts them. */
export interface HandlerOptions {
  readonly httpAgent?: AgentOptions;
  readonly httpsAgent?: AgentOptions;
  readonly [option: string]: unknown;
}

/** Two ways to send a request. */
export interface Connections {
  /** Over kept-alive connections. */
  readonly kept: RequestHandler;
  /** Over a new connection for each request. */
  readonly fresh: RequestHandler;
  /** Closes idle kept-alive connections. Those in use are left alone. */
  dropIdle(): void;
}

/**
 * Connections with the SDK's own handler.
 *
 * @param handlerOf makes a handler; the SDK only does so as part of a client
 */
export function newConnections(
  handlerOf: (options: S3ClientConfig['requestHandler']) => RequestHandler, { httpAgent, httpsAgent, ...options }: HandlerOptions,
): Connections {
  const kept = agents({ keepAlive: true, ...httpAgent }, { keepAlive: true, ...httpsAgent });
  const fresh = agents({ keepAlive: false }, { keepAlive: false });
  return {
    kept: handlerOf({ ...options, ...kept }),
    fresh: handlerOf({ ...options, ...fresh }),
    dropIdle: () => {
      const idle = Object.values(kept).flatMap(({ freeSockets }) => Object.values(freeSockets));
      idle.flatMap((sockets) => sockets ?? []).forEach((socket) => socket.destroy());
    },
  };
}

function agents(forHttp: AgentOptions, forHttps: AgentOptions): { readonly httpAgent: HttpAgent; readonly httpsAgent: HttpsAgent } {
  return { httpAgent: new HttpAgent(forHttp), httpsAgent: new HttpsAgent(forHttps) };
}

/** The SDK's handler has this method, but its type does not declare it. */
interface Configurable {
  updateHttpClientConfig?(key: unknown, value: unknown): void;
}

/** For a handler that manages its connections itself. */
export function connectionsOf(handler: RequestHandler): Connections {
  return { kept: handler, fresh: handler, dropIdle: () => {} };
}

/**
 * Sends requests over kept-alive connections. After a request without a complete reply, uses new ones until one of them is answered.
 *
 * A kept-alive connection can die silently: in the server, in the network, or while a function is frozen. The next request on it fails, and
 * may or may not have been carried out. A retry over another kept-alive connection fails again. So does the next request of a
 * single-attempt client, if its caller has meanwhile checked the outcome and so left a kept-alive connection behind. Hence each client
 * remembers its own failures.
 */
export class FreshAfterFailure {
  public readonly metadata: RequestHandler['metadata'];
  private isInDoubt = false;

  constructor(private readonly connections: Connections) {
    this.metadata = connections.kept.metadata;
  }

  public async handle(...[request, options]: Parameters<RequestHandler['handle']>): ReturnType<RequestHandler['handle']> {
    const { isInDoubt, connections: { kept, fresh } } = this;
    try {
      const output = await (isInDoubt ? fresh : kept).handle(request, options);
      // A reply to a request sent before the failure proves nothing.
      if (isInDoubt) this.isInDoubt = false;
      this.watch(output.response.body);
      return output;
    } catch (error) {
      this.noteFailure();
      throw error;
    }
  }

  /** Passes on what a client tells its handlers, such as its logger. */
  public updateHttpClientConfig(key: unknown, value: unknown): void {
    for (const handler of [this.connections.kept, this.connections.fresh] as Configurable[]) handler.updateHttpClientConfig?.(key, value);
  }

  public destroy(): void {
    this.connections.kept.destroy?.();
    this.connections.fresh.destroy?.();
  }

  /** A reply may break off after it has begun. */
  private watch(body: unknown): void {
    if (body instanceof Readable) body.once('error', () => this.noteFailure());
  }

  private noteFailure(): void {
    this.isInDoubt = true;
    this.connections.dropIdle();
  }
}
