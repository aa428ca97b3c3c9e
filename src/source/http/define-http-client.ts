import { checkHttpSettings } from '../../protocol/http-check/check-http-settings';
import { HttpDecoder, HttpErrorAction, HttpMethod, HttpSettings, LargeNumbers } from '../../protocol/http-settings';
import { JsonObject } from '../../protocol/json';
import type { SourceRequest } from '../handler/define-source';
import { NonRetryableError } from '../handler/errors';
import { HttpTools } from './auth/tools';
import { Exchanges } from './exchange/exchanges';
import { HttpSource } from './http-source';
import { HTTP_TOOLS } from './http-tools';
import { HttpResponse } from './message/http-response';
import { DEFAULT_HEADERS, OutgoingRequest } from './message/outgoing-request';

/** Settings of a client: those of a source, without what its pages are. */
export interface HttpClientSettings extends Omit<HttpSettings, 'url' | 'method' | 'query' | 'body' | 'pagination' | 'job' | 'records' | 'total' | 'end'> {
  /** Address of the API. Paths of requests are relative to it, and credentials go to its origin only. */
  readonly baseUrl: string;
  /**
   * Statuses that mean "no more records": the response has `isEnd`.
   * @default - none
   */
  readonly endStatuses?: readonly number[];
}

/** One request of a client. */
export interface HttpClientRequest {
  /** Path below the client's base URL, or a whole address, such as a link of a response. */
  readonly url: string;
  /**
   * Query parameters, besides those in `url`. `undefined` is left out.
   * @default - none
   */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /**
   * Request headers, besides the client's.
   * @default - none
   */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * JSON body.
   * @default - none
   */
  readonly body?: JsonObject;
  /** @default - `POST` if there is a body, else `GET` */
  readonly method?: HttpMethod;
}

/** A response to a client. */
export interface HttpClientResponse extends HttpResponse {
  /** Whether its status, or a rule, says that there are no more records. */
  readonly isEnd: boolean;
}

/**
 * The engine's client, for handlers that page by code of their own: credentials, rate, rules for errors, redirects, time limits and
 * decoding as of sources without code. What it throws tells the import whether to retry, to wait or to fail, and has no secrets in it.
 */
export interface HttpClientForHandlers {
  /**
   * @param page the handler's request: its signal ends the request in time
   * @throws RetryLaterError if the source asks for a wait, or the rate does
   * @throws NonRetryableError if the source refuses
   * @throws Error if another attempt may work
   */
  send(page: Pick<SourceRequest, 'signal'>, request: HttpClientRequest): Promise<HttpClientResponse>;
}

/**
 * A client for handlers. Make it once, outside of the handler: it keeps connections, credentials and what it knows of the source's rate.
 *
 * @throws Error if a setting is wrong; the message says what to write instead
 */
export function httpClient(settings: HttpClientSettings): HttpClientForHandlers {
  return clientOf(settings, HTTP_TOOLS);
}

/** A client with its tools. */
export function clientOf({ baseUrl, endStatuses, ...same }: HttpClientSettings, tools: HttpTools): HttpClientForHandlers {
  const settings: HttpSettings = {
    ...same, url: baseUrl, pagination: { style: 'single' }, ...endStatuses && { end: { statuses: endStatuses } },
  };
  checkHttpSettings('httpClient', settings);
  return new Client(settings, new HttpSource(settings, tools).exchanges);
}

class Client implements HttpClientForHandlers {
  constructor(private readonly settings: HttpSettings, private readonly exchanges: Exchanges) {}

  public async send(page: Pick<SourceRequest, 'signal'>, request: HttpClientRequest): Promise<HttpClientResponse> {
    const { url: base, decoder = HttpDecoder.JSON, largeNumbers = LargeNumbers.EXACT } = this.settings;
    const outgoing = this.outgoing(request);
    const channel = { builder: { build: () => outgoing }, body: { decoder, largeNumbers }, home: new URL(base).origin };
    const { response, meaning } = await this.exchanges.ask({ values: [] }, page as SourceRequest, channel);
    if (meaning === HttpErrorAction.SMALLER_PAGE) throw new NonRetryableError(`The source refuses the page as too large (status ${response.status})`);
    return { ...response, isEnd: meaning === HttpErrorAction.END };
  }

  private outgoing({ url: path, query = {}, headers, body, method }: HttpClientRequest): OutgoingRequest {
    const url = this.address(path);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
    const defaultMethod = body === undefined ? HttpMethod.GET : HttpMethod.POST;
    const all = { ...DEFAULT_HEADERS, ...body && { 'content-type': 'application/json' }, ...lowerCase(this.settings.headers), ...lowerCase(headers) };
    return { method: method ?? defaultMethod, url, headers: all, body: body && JSON.stringify(body) };
  }

  /** A path that begins with a slash is below the base URL, too: `/orders` of `https://example.com/v2` is `/v2/orders`. */
  private address(path: string): URL {
    if (/^https?:\/\//i.test(path)) return new URL(path);
    const base = this.settings.url.replace(/\/+$/, '');
    return new URL(path === '' ? base : `${base}/${path.replace(/^\/+/, '')}`);
  }
}

function lowerCase(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
