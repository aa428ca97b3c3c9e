import { HttpErrorAction, HttpSettings } from '../../../protocol/http-settings';
import type { SourceRequest } from '../../handler/define-source';
import { NonRetryableError, RetryLaterError } from '../../handler/errors';
import { Authenticator } from '../auth/authenticator';
import { Secrets } from '../auth/secrets';
import { HttpTools } from '../auth/tools';
import { HttpClient } from '../client/http-client';
import { BodySettings, readable } from '../message/body';
import { HttpResponse, RawResponse } from '../message/http-response';
import { Asked, OutgoingRequest, RequestBuilder } from '../message/outgoing-request';
import { Meanings } from './meaning';
import { Origins } from './origins';
import { Rate } from './rate';
import { refusedResponse, RefusedResponse } from './refused-response';

/** What a request came to. */
export interface Exchange {
  readonly response: HttpResponse;
  readonly meaning: HttpErrorAction.ACCEPT | HttpErrorAction.END | HttpErrorAction.SMALLER_PAGE;
}

/** What exchanges need. */
export interface ExchangeTools {
  readonly settings: HttpSettings;
  readonly client: HttpClient;
  readonly secrets: Secrets;
  readonly authenticator: Authenticator;
  readonly body: BodySettings;
  readonly tools: HttpTools;
}

/** How requests of a kind are made, and their bodies read. */
export interface Channel {
  readonly builder: Pick<RequestBuilder, 'build'>;
  readonly body: BodySettings;
  /**
   * The origin that requests may go to, with credentials.
   * @default - that of the first page
   */
  readonly home?: string;
}

/** Waits of up to so long stay in the invocation. Longer ones are the import's: they cost no compute in a Wait state. */
const SHORT_WAIT_MILLISECONDS = 5_000;

/** "Accepted": what was asked for is being made. */
const NOT_READY = 202;
const NOT_READY_MILLISECONDS = 5_000;

const MAX_REDIRECTS = 5;

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Redirects after which a request has the same method and body. */
const SAME_METHOD = new Set([307, 308]);

/** Sends requests as the source allows, with credentials, and reads what their responses mean. */
export class Exchanges {
  /** Pages. */
  private readonly pages: Channel;
  private readonly meanings: Meanings;
  private readonly origins: Origins;
  private readonly rate: Rate;

  constructor(private readonly using: ExchangeTools) {
    const { settings, body, tools } = using;
    this.pages = { builder: new RequestBuilder(settings), body };
    this.meanings = new Meanings(settings.errors ?? [], settings.end?.statuses ?? []);
    this.origins = new Origins(settings.origins ?? []);
    this.rate = new Rate(settings.rateLimit ?? {}, tools.now);
  }

  /**
   * @param channel by default, that of pages
   * @throws RetryLaterError if the source is not to be asked yet
   * @throws NonRetryableError if the source refuses, or leads elsewhere
   * @throws Error if another attempt may work
   */
  public async ask(asked: Asked, request: SourceRequest, channel: Channel = this.pages): Promise<Exchange> {
    const { builder, body } = channel;
    const outgoing = builder.build(asked, request);
    const firstPage = { values: asked.values.filter(({ place }) => place.path !== undefined) };
    const home = channel.home ?? builder.build(firstPage, request).url.origin;
    const send = async (): Promise<HttpResponse> => readable(await this.send(outgoing, home, request.signal), body);
    let response = await send();
    let meaning = this.meanings.of(response);
    if (meaning === HttpErrorAction.REFRESH) {
      this.using.authenticator.renew();
      response = await send();
      meaning = this.meanings.of(response);
    }
    if (isAnswer(meaning)) return { response, meaning };
    throw this.failure(meaning, outgoing, response);
  }

  /** Follows redirects. */
  private async send(outgoing: OutgoingRequest, home: string, signal: AbortSignal): Promise<RawResponse> {
    let request = outgoing;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await this.sendOnce(request, home, signal);
      const { location } = response.headers;
      if (!REDIRECTS.has(response.status) || location === undefined) return response;
      request = redirected(request, response.status, location);
    }
    throw new NonRetryableError(`${outgoing.url.origin} redirects more than ${MAX_REDIRECTS} times`);
  }

  private async sendOnce(request: OutgoingRequest, home: string, signal: AbortSignal): Promise<RawResponse> {
    const { client, authenticator, tools: { observer } } = this.using;
    this.origins.require(request.url, home);
    await this.wait(signal);
    const ready = request.url.origin === home ? await authenticator.apply(request, signal) : request;
    this.rate.noteSent();
    observer?.onRequest();
    const response = await client.send(ready, signal).catch((error: unknown) => {
      authenticator.noteNoResponse?.();
      throw error;
    });
    observer?.onResponse(response);
    this.rate.noteAnswer(response);
    return response;
  }

  private async wait(signal: AbortSignal): Promise<void> {
    const { delay } = this.rate;
    if (delay > SHORT_WAIT_MILLISECONDS) throw new RetryLaterError(delay / 1000, `The rate limit allows the next request in ${Math.ceil(delay / 1000)} s`);
    if (delay > 0) await this.using.tools.sleep(delay, signal);
  }

  private failure(meaning: HttpErrorAction, { method, url }: OutgoingRequest, response: HttpResponse): Error {
    const refused = this.describe(method, url, response);
    switch (meaning) {
      case HttpErrorAction.WAIT: return this.later(refused, response);
      case HttpErrorAction.RETRY: return new Error(refused.message);
      default: return new NonRetryableError(refused.message);
    }
  }

  private later({ message }: RefusedResponse, response: HttpResponse): Error {
    const { tools } = this.using;
    const after = new RetryLaterError(response.headers['retry-after'], message);
    const isNotReady = response.status === NOT_READY;
    const pace = isNotReady ? NOT_READY_MILLISECONDS : this.rate.slowDown();
    if (after.retryAfterSeconds > 0) return after;
    if (!isNotReady) tools.log(`The source asks for fewer requests: from now on, one every ${pace} ms. Set rateLimit to what it allows.`);
    return new RetryLaterError(Math.max(pace * (1 + tools.fraction()), this.rate.untilReset(response)) / 1000, message);
  }

  private describe(method: string, url: URL, response: HttpResponse): RefusedResponse {
    return refusedResponse(method, url, response, (text) => this.using.secrets.redacted(text));
  }
}

function isAnswer(meaning: HttpErrorAction): meaning is Exchange['meaning'] {
  return meaning === HttpErrorAction.ACCEPT || meaning === HttpErrorAction.END || meaning === HttpErrorAction.SMALLER_PAGE;
}

/** Like browsers do: https://fetch.spec.whatwg.org/#http-redirect-fetch */
function redirected({ method, url, headers, body }: OutgoingRequest, status: number, location: string): OutgoingRequest {
  if (!URL.canParse(location, url.href)) throw new NonRetryableError(`${url.origin} redirects to something that is not a URL`);
  const next = new URL(location, url);
  if (SAME_METHOD.has(status) || method === 'GET') return { method, url: next, headers, body };
  const { 'content-type': _, ...others } = headers;
  return { method: 'GET', url: next, headers: others, body: undefined };
}
