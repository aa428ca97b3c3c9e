import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

export interface RawRequest {
  readonly method?: string;
  readonly path: string;
  /** `host` is that of the URL, unless it is given; `null` leaves it out. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: string;
  /** @default 1.1 */
  readonly version?: string;
}

export interface RawReply {
  readonly status: number;
  readonly headers: string;
  readonly text: string;
}

/** Sends a request as it is written here: clients would not send some of these. */
export async function raw(url: string, { method = 'GET', path, headers = {}, body = '', version = '1.1' }: RawRequest): Promise<RawReply> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const fields = Object.entries({ host, 'connection': 'close', 'content-length': String(Buffer.byteLength(body)), ...headers });
  const lines = fields.filter(([, value]) => value !== null).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`${method} ${path} HTTP/${version}\r\n${lines.join('')}\r\n${body}`);
  const reply = await text(socket);
  const end = reply.indexOf('\r\n\r\n');
  return { status: Number(reply.split(' ')[1]), headers: reply.slice(0, end).toLowerCase(), text: reply.slice(end + 4) };
}

export async function statusOf(reply: Promise<RawReply>): Promise<number> {
  return (await reply).status;
}
