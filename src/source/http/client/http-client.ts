import { Agent as HttpAgent, IncomingHttpHeaders, IncomingMessage, request as httpRequest, RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { Readable, Transform } from 'node:stream';
import type { SecureContext } from 'node:tls';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { RawResponse } from '../message/http-response';
import { OutgoingRequest } from '../message/outgoing-request';
import { guardedLookup, refuseInside } from './address-guard';
import { contentOf } from './compressed-file';
import { RequestTimeoutError } from './failures';
import { readAtMost } from './read-at-most';

/** Settings of the client. */
export interface HttpClientSettings {
  readonly privateNetwork: boolean;
  readonly connectSeconds: number;
  readonly headersSeconds: number;
  readonly bodySeconds: number;
  readonly maxResponseBytes: number;
}

/** Idle connections are closed after so long: many servers close theirs after 5 seconds, and a request on a closed one fails. */
const IDLE_MILLISECONDS = 4_000;

const AGENT = { keepAlive: true, timeout: IDLE_MILLISECONDS };

/**
 * Sends one request and reads its response as a whole. Not `fetch`: that one has no hook between DNS and the connection, and no time limit
 * for connecting.
 */
export class HttpClient {
  private readonly agents = { 'http:': new HttpAgent(AGENT), 'https:': new HttpsAgent(AGENT) };
  /** Connections with certificates of their own are shared by the requests that have the same ones. */
  private readonly agentsByTls = new WeakMap<SecureContext, HttpsAgent>();

  constructor(private readonly settings: HttpClientSettings) {}

  /**
   * @throws NonRetryableError if the address is inside and must not be
   * @throws RequestTimeoutError, BodyTooLargeError
   * @throws Error if the connection fails or the signal fires
   */
  public async send(request: OutgoingRequest, signal: AbortSignal): Promise<RawResponse> {
    const { privateNetwork, bodySeconds, maxResponseBytes } = this.settings;
    if (!privateNetwork) refuseInside(request.url);
    const abort = new AbortController();
    const onAbort = (): void => abort.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    try {
      const incoming = await this.headersOf(request, abort);
      const body = await withTimer(bodySeconds, 'the body', abort, this.read(incoming, abort.signal));
      const bytes = await contentOf(body, maxResponseBytes);
      return { status: incoming.statusCode!, headers: joined(incoming.headers), bytes, url: request.url };
    } catch (error) {
      throw abort.signal.reason instanceof RequestTimeoutError ? abort.signal.reason : error;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Closes idle connections. */
  public close(): void {
    Object.values(this.agents).forEach((agent) => agent.destroy());
  }

  private agentFor({ url, tls }: OutgoingRequest): HttpAgent {
    const protocol = url.protocol as 'http:' | 'https:';
    if (tls === undefined || protocol === 'http:') return this.agents[protocol];
    const agent = this.agentsByTls.get(tls) ?? new HttpsAgent({ ...AGENT, secureContext: tls });
    this.agentsByTls.set(tls, agent);
    return agent;
  }

  private async headersOf(outgoing: OutgoingRequest, abort: AbortController): Promise<IncomingMessage> {
    const { privateNetwork, headersSeconds, connectSeconds } = this.settings;
    const { method, url, headers, body } = outgoing;
    const agent = this.agentFor(outgoing);
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const options: RequestOptions = {
      method, agent, headers: { ...headers, ...length }, signal: abort.signal, ...privateNetwork ? {} : { lookup: guardedLookup as RequestOptions['lookup'] },
    };
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      const request = send(url, options, resolve);
      request.on('error', reject);
      request.on('socket', (socket) => {
        if (!socket.connecting) return;
        const callOff = timer(connectSeconds, 'the connection', abort);
        socket.once('connect', callOff);
        socket.once('close', callOff);
      });
      request.end(body);
    });
    return withTimer(headersSeconds, 'the headers', abort, answered);
  }

  /** Decompresses while it reads, so that the limit holds for a small body that becomes a large one. */
  private async read(incoming: IncomingMessage, signal: AbortSignal): Promise<Buffer> {
    const decompress = decompressor(incoming.headers['content-encoding']);
    const body: Readable = decompress === undefined ? incoming : incoming.pipe(decompress);
    if (decompress !== undefined) incoming.once('error', (error) => decompress.destroy(error));
    try {
      return await readAtMost(body as AsyncIterable<Buffer>, this.settings.maxResponseBytes);
    } finally {
      if (!incoming.complete || signal.aborted) incoming.destroy();
    }
  }
}

function timer(seconds: number, what: string, abort: AbortController): () => void {
  const timeout = setTimeout(() => abort.abort(new RequestTimeoutError(what, seconds)), seconds * 1000);
  return () => clearTimeout(timeout);
}

async function withTimer<T>(seconds: number, what: string, abort: AbortController, work: Promise<T>): Promise<T> {
  const callOff = timer(seconds, what, abort);
  try {
    return await work;
  } finally {
    callOff();
  }
}

function decompressor(encoding: string | undefined): Transform | undefined {
  switch (encoding?.toLowerCase()) {
    case undefined: case '': case 'identity': return undefined;
    case 'gzip': case 'x-gzip': return createGunzip();
    case 'deflate': return createInflate();
    case 'br': return createBrotliDecompress();
    default: throw new Error(`the response has the content encoding ${encoding}, which was not asked for`);
  }
}

function joined(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value ?? '']));
}
