import { once } from 'node:events';
import { createServer, IncomingMessage, request as requestOf, Server, ServerResponse } from 'node:http';
import { AddressInfo, Socket } from 'node:net';

/** What becomes of a connection that a client has kept, and uses again. */
export type Closing =
  /** The server ends it right after each reply, without saying so in its header: the next request may cross the end on its way. */
  | 'ended after each reply'
  /** It is reset by the next request. */
  | 'reset'
  /** The server has forgotten it, and so has everything on the way: the next request is never answered. */
  | 'forgotten';

/** In front of another server: each connection serves one request, and the client is not told. */
export class ClosingServer {
  public static async start(target: string, closing: Closing): Promise<ClosingServer> {
    const server = createServer({ keepAliveTimeout: 0 });
    const closer = new ClosingServer(server, new URL(target), closing);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => closer.serve(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return closer;
  }

  /** Requests that came over a connection that had served one, in order. */
  public readonly unserved: string[] = [];
  public connections = 0;
  private readonly used = new WeakSet<Socket>();

  private constructor(private readonly server: Server, private readonly target: URL, private readonly closing: Closing) {
    server.on('connection', () => { this.connections += 1; });
  }

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    if (this.used.has(socket)) return this.fail(request);
    this.used.add(socket);
    if (this.closing === 'ended after each reply') response.on('finish', () => socket.destroySoon());
    this.forward(request, response);
  }

  private fail(request: IncomingMessage): void {
    this.unserved.push(`${request.method} ${request.url}`);
    request.resume();
    if (this.closing === 'reset') request.socket.resetAndDestroy();
  }

  private forward(request: IncomingMessage, response: ServerResponse): void {
    const { hostname, port } = this.target;
    const { method, url: path, headers: sent } = request;
    const forwarded = requestOf({ hostname, port, method, path, headers: sent, agent: false }, (reply) => {
      const { connection: _, ...headers } = reply.headers;
      response.writeHead(reply.statusCode!, headers);
      reply.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    request.pipe(forwarded);
  }
}
