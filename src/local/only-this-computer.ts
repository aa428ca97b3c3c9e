import { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';

/** `localhost`, `bucket.localhost`, which no DNS server outside may answer for (RFC 6761), `127.0.0.0/8` and `[::1]`, each with a port. */
const LOOPBACK = /^(?:(?:[a-z0-9][a-z0-9.-]*\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::(?<port>\d{1,5}))?$/i;

const HTTP_PORT = 80;

/**
 * Refuses what a web page in a browser on this computer may send, before anything else looks at the request. Such a server takes any
 * credentials, and listening on the loopback address does not keep pages out: a page may have a name that resolves to 127.0.0.1 (DNS
 * rebinding), or send a request whose reply it cannot read. The first has the page's own name in `Host`, the second an `Origin`.
 *
 * @param refuse sends the reply, with status 403
 */
export function onlyThisComputer(server: Server, refuse: (response: ServerResponse, reason: string) => void): void {
  const listeners = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[];
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const foreign = foreignIn(request.headers, request.socket.localPort);
    if (foreign === undefined) return listeners.forEach((listener) => listener.call(server, request, response));
    // The body has not been read, and need not be: the connection ends with the reply.
    response.setHeader('connection', 'close');
    refuse(response, `This local server answers only programs on this computer, and refuses ${foreign}.`);
  });
}

/** What shows that a request is not from a program on this computer. */
function foreignIn({ host = '', origin, 'sec-fetch-site': site }: IncomingHttpHeaders, port: number | undefined): string | undefined {
  const named = LOOPBACK.exec(host);
  if (named === null || Number(named.groups!.port ?? HTTP_PORT) !== port) return host === '' ? 'requests without a Host' : `the Host ${host}`;
  if (origin !== undefined) return `pages in a browser: Origin ${origin}`;
  // Only browsers send it; `none` means that the user has typed the address.
  return site === undefined || site === 'none' ? undefined : `pages in a browser: Sec-Fetch-Site ${String(site)}`;
}
