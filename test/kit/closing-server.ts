import { once } from 'node:events';
import { createServer, IncomingMessage, request as requestOf, Server, ServerResponse } from 'node:http';
import { AddressInfo, Socket } from 'node:net';

/** What happens to a kept-alive connection when the client reuses it. */
export type Closing =
  /** The server closes it right after each reply, without announcing it in a header: the next request may already be under way. */
  | 'ended after each reply'
  /** The next request resets it. */
  | 'reset'
  /** The server and the network have forgotten it: the next request is never answered. */
  | 'forgotten';

/** A proxy: each connection serves one request, without telling the client. */
export class ClosingServer {
  public static async start(target: string, closing: Closing): Promise<ClosingServer> {
    const server = createServer({ keepAliveTimeout: 0 });
    const closer = new ClosingServer(server, new URL(target), closing);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => closer.serve(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return closer;
  }

  /** Requests on a connection that had already served one, in order. */
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
    const forwarded = requestOf({ hostname, port, method, path, headers: { ...sent, host: `${hostname}:${port}` }, agent: false }, (reply) => {
      const { connection: _, ...headers } = reply.headers;
      response.writeHead(reply.statusCode!, headers);
      reply.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    request.pipe(forwarded);
  }
}
