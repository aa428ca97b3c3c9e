import { Agent as HttpAgent, AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Readable } from 'node:stream';
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';

/** What sends the requests of an SDK's client. */
export type RequestHandler = S3Client['config']['requestHandler'];

/** The options of such a handler, as a client takes them. */
export interface HandlerOptions {
  readonly httpAgent?: AgentOptions;
  readonly httpsAgent?: AgentOptions;
  readonly [option: string]: unknown;
}

/** How requests are sent. */
export interface Connections {
  /** Over connections that are kept from request to request. */
  readonly kept: RequestHandler;
  /** Over a connection of its own for each request. */
  readonly fresh: RequestHandler;
  /** Ends the kept connections that wait for a request. Those with one on its way are left alone. */
  dropIdle(): void;
}

/**
 * Connections by the SDK's own handler.
 *
 * @param handlerOf makes one, which the SDK does with its clients only
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

/** The SDK's handler has this method, and its type does not say so. */
interface Configurable {
  updateHttpClientConfig?(key: unknown, value: unknown): void;
}

/** A handler of somebody else's, which has its own way with connections. */
export function connectionsOf(handler: RequestHandler): Connections {
  return { kept: handler, fresh: handler, dropIdle: () => {} };
}

/**
 * Sends requests over kept connections and, after one that got no whole reply, over fresh ones until one of these is answered.
 *
 * A server, what is between, or a function that was frozen for a while may lose a kept connection without a word: the next request on it
 * fails, and nobody can tell whether it was carried out. A client that tries again on another kept connection fails again. So does one that
 * makes single attempts, if its caller looks in between at what has happened, and leaves a kept connection behind: hence each client
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
      // Of one that was on its way when another failed, nothing follows.
      if (isInDoubt) this.isInDoubt = false;
      this.watch(output.response.body);
      return output;
    } catch (error) {
      this.noteFailure();
      throw error;
    }
  }

  /** A client hands on what its handlers need to know, such as its logger. */
  public updateHttpClientConfig(key: unknown, value: unknown): void {
    for (const handler of [this.connections.kept, this.connections.fresh] as Configurable[]) handler.updateHttpClientConfig?.(key, value);
  }

  public destroy(): void {
    this.connections.kept.destroy?.();
    this.connections.fresh.destroy?.();
  }

  /** A reply may be cut after it has begun. */
  private watch(body: unknown): void {
    if (body instanceof Readable) body.once('error', () => this.noteFailure());
  }

  private noteFailure(): void {
    this.isInDoubt = true;
    this.connections.dropIdle();
  }
}
