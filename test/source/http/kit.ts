import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer, ServerOptions } from 'node:https';
import { AddressInfo } from 'node:net';
import type { FetchPageResponse } from '../../../src/protocol/fetch-contract';
import { HttpSettings, SecretReference } from '../../../src/protocol/http-settings';
import { JsonValue } from '../../../src/protocol/json';
import type { SourceRequest } from '../../../src/source/handler/define-source';
import { HttpTools } from '../../../src/source/http/auth/tools';
import { HttpSource } from '../../../src/source/http/http-source';

/** A request as a scripted server received it. */
export interface Received {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What a scripted server answers. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** A text or bytes are sent as they are, anything else as JSON. */
  readonly body?: unknown;
}

/** Answers a request; `undefined` if it has answered by itself. */
export type Script = (request: Received, response: ServerResponse) => Answer | undefined | Promise<Answer | undefined>;

/** A server that answers by a script, and keeps what it was asked. */
export class ScriptedServer {
  /** @param tls for a server with TLS */
  public static async start(script: Script, tls?: ServerOptions): Promise<ScriptedServer> {
    const server = tls === undefined ? createServer() : createTlsServer(tls);
    const scripted = new ScriptedServer(server);
    server.on('request', (request, response) => { void scripted.answer(script, request, response); });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    return scripted;
  }

  public readonly received: Received[] = [];

  private constructor(private readonly server: Server | TlsServer) {}

  public get origin(): string {
    return `${this.server instanceof Server ? 'http' : 'https'}://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => { this.server.close(resolve); });
  }

  private async answer(script: Script, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const url = new URL(request.url!, this.origin);
    const received: Received = {
      method: request.method!,
      url: request.url!,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      body: Buffer.concat(pieces).toString(),
    };
    this.received.push(received);
    const answer = await script(received, response);
    if (answer === undefined) return;
    const { status = 200, headers = {}, body = '' } = answer;
    const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(isRaw ? body : JSON.stringify(body));
  }
}

/** Tools whose time passes only when it is waited for. */
export class TestTools implements HttpTools {
  public readonly logged: string[] = [];
  public readonly waits: number[] = [];
  public time = Date.UTC(2026, 10, 30);
  public readonly secrets: Record<string, string> = {};

  public readonly now = (): number => this.time;
  public readonly fraction = (): number => 0;

  public readonly sleep = async (milliseconds: number): Promise<void> => {
    this.waits.push(milliseconds);
    this.time += milliseconds;
  };

  public readonly readSecret = async (reference: SecretReference): Promise<string> => {
    const name = reference.secretArn ?? reference.parameterName ?? reference.environment ?? '';
    const value = this.secrets[name];
    if (value === undefined) throw new Error(`no secret ${name}`);
    return value;
  };

  public readonly writeSecret = async ({ secretArn, parameterName }: SecretReference, text: string): Promise<void> => {
    this.secrets[secretArn ?? parameterName ?? ''] = text;
  };

  public readonly log = (message: string): void => { this.logged.push(message); };
}

/** The request for the page after one that was answered. */
export function requestFor(fields: Partial<SourceRequest> = {}): SourceRequest {
  return {
    pageToken: null, offset: 0, pageNumber: 1, pageSize: 10, input: {}, importId: 'import-1', attempt: 1, signal: new AbortController().signal, ...fields,
  };
}

/** All records of a source, asked for as the import's loop does. */
export async function recordsOf(source: HttpSource, { pageSize = 10, input = {}, mostPages = 1000 } = {}): Promise<unknown[]> {
  const all: unknown[] = [];
  let pageToken: JsonValue = null;
  for (let pageNumber = 1; pageNumber <= mostPages; pageNumber++) {
    const answer = await source.fetchPage(requestFor({ pageToken, offset: (pageNumber - 1) * pageSize, pageNumber, pageSize, input }));
    all.push(...recordsIn(answer));
    const next = nextOf(answer);
    if (next === 'end') return all;
    pageToken = next;
  }
  throw new Error(`more than ${mostPages} pages`);
}

export function recordsIn(answer: FetchPageResponse): readonly unknown[] {
  if (Array.isArray(answer)) return answer;
  return (answer as { readonly records: readonly unknown[] }).records;
}

/** The token of the next page, `null` for the next offset. */
function nextOf(answer: FetchPageResponse): JsonValue {
  if (Array.isArray(answer)) return answer.length === 0 ? 'end' : null;
  const { nextPageToken, hasMore } = answer as { readonly nextPageToken?: JsonValue; readonly hasMore?: boolean };
  if (nextPageToken === undefined) return hasMore === true ? null : 'end';
  return nextPageToken ?? 'end';
}

/** A source at a scripted server. */
export function sourceAt(settings: HttpSettings, tools: HttpTools = new TestTools()): HttpSource {
  return new HttpSource({ privateNetwork: true, ...settings }, tools);
}

export function numbered(count: number, from = 0): { readonly id: number }[] {
  return Array.from({ length: count }, (_, index) => ({ id: from + index }));
}
