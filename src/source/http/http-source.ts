import type { FetchPageResponse } from '../../protocol/fetch-contract';
import { HttpDecoder, HttpErrorAction, HttpSettings, LargeNumbers } from '../../protocol/http-settings';
import type { Source, SourceRequest } from '../handler/define-source';
import { NonRetryableError } from '../handler/errors';
import { authenticatorOf } from './auth/authenticator-of';
import { Secrets } from './auth/secrets';
import { HttpTools } from './auth/tools';
import { BodyTooLargeError, RequestTimeoutError } from './client/failures';
import { HttpClient } from './client/http-client';
import { Exchange, Exchanges } from './exchange/exchanges';
import { HttpResponse } from './message/http-response';
import { completeSettings } from './pages/complete-settings';
import { describe } from './pages/describe';
import { GuessedRecords } from './pages/guessed-records';
import { PageEnd } from './pages/page-end';
import { PageLimit } from './pages/page-limit';
import { recordsAt } from './pages/records-at';
import { paginationStyle } from './paging/pagination-style';
import { PaginationStyle, ReadPage } from './paging/style';

const MEBIBYTE = 1024 * 1024;
const DEFAULT_RESPONSE_BYTES = 64 * MEBIBYTE;

/** What one request for a page, or for a piece of it, brought. */
type Piece = Pick<ReadPage, 'records' | 'response' | 'isEnd'>;

/** What takes the place of settings. */
export interface HttpSourceCode {
  /** How pages are asked for. */
  readonly style?: PaginationStyle | undefined;
  /** Finds the records of a page. */
  readonly records?: ((body: unknown, response: HttpResponse) => readonly unknown[] | undefined) | undefined;
}

/** A source by settings: asks for pages as they say, and answers by the fetch-page contract. */
export class HttpSource implements Source {
  private readonly style: PaginationStyle;
  public readonly exchanges: Exchanges;
  private readonly findRecords: NonNullable<HttpSourceCode['records']>;
  private readonly end: PageEnd;
  private limit: PageLimit | undefined;

  private readonly settings: HttpSettings;

  constructor(given: HttpSettings, private readonly tools: HttpTools, { style, records: find }: HttpSourceCode = {}) {
    const settings = this.settings = completeSettings(given);
    const secrets = new Secrets(tools.readSecret, tools.now);
    const { connectSeconds = 10, headersSeconds = 60, bodySeconds = 120 } = settings.timeouts ?? {};
    const { privateNetwork = false, maxResponseBytes = DEFAULT_RESPONSE_BYTES } = settings;
    const { decoder = HttpDecoder.JSON, largeNumbers = LargeNumbers.EXACT } = settings;
    const client = new HttpClient({ privateNetwork, connectSeconds, headersSeconds, bodySeconds, maxResponseBytes });
    const authenticator = authenticatorOf(settings, { ...tools, secrets, client });
    this.style = style ?? paginationStyle(settings.pagination, tools.now);
    this.exchanges = new Exchanges({ settings, client, secrets, authenticator, body: { decoder, largeNumbers }, tools });
    const guessed = new GuessedRecords((path) => {
      tools.log(`The records are taken from ${path}. Set records to this path to make it certain.`);
      tools.observer?.onGuess(path);
    });
    const { records, end: { missingRecords } = {} } = settings;
    this.findRecords = find ?? (records === undefined ? (body) => guessed.find(body) : recordsAt(records, missingRecords));
    this.end = new PageEnd(settings);
  }

  public async fetchPage(request: SourceRequest): Promise<FetchPageResponse> {
    const pieces: Piece[] = [];
    // A later import may have pages of another size.
    if (this.limit?.pageSize !== request.pageSize) this.limit = new PageLimit(request.pageSize);
    let received = 0;
    for (;;) {
      const limit = Math.min(this.limit.records, request.pageSize - received);
      const piece = await this.piece(request, received, limit);
      if (piece === undefined) continue;
      pieces.push(piece);
      received += piece.records.length;
      const isWhole = this.style.smaller !== 'pieces' || piece.isEnd || piece.records.length < limit || received >= request.pageSize;
      if (isWhole) return this.answer(request, pieces, limit);
    }
  }

  /** @returns `undefined` if it is to be asked for again, with fewer records */
  private async piece(request: SourceRequest, received: number, limit: number): Promise<Piece | undefined> {
    const exchange = await this.exchange(request, received, limit);
    if (exchange === undefined) return undefined;
    this.limit!.noteGood();
    const { response, meaning } = exchange;
    const isEnd = meaning === HttpErrorAction.END;
    return { response, isEnd, records: isEnd ? [] : this.recordsIn(exchange) };
  }

  private async exchange(request: SourceRequest, received: number, limit: number): Promise<Exchange | undefined> {
    try {
      const exchange = await this.exchanges.ask(this.style.ask(request, { received, limit }), request);
      if (exchange.meaning !== HttpErrorAction.SMALLER_PAGE) return exchange;
      return this.smaller(limit, new NonRetryableError(`The source refuses the page as too large (status ${exchange.response.status})`));
    } catch (error) {
      const mayFit = error instanceof BodyTooLargeError || error instanceof RequestTimeoutError;
      if (!mayFit) throw error;
      return this.smaller(limit, error instanceof BodyTooLargeError ? new NonRetryableError(`${error.message}: ${SMALLER_ADVICE}`, { cause: error }) : error);
    }
  }

  /** @throws the error, if fewer records cannot be asked for */
  private smaller(limit: number, error: Error): undefined {
    if (!this.style.sendsLimit || this.style.smaller === 'never' || limit <= 1) throw error;
    this.limit!.noteTooLarge(limit);
    return undefined;
  }

  private recordsIn({ response }: Exchange): readonly unknown[] {
    const body = response.body();
    const records = this.findRecords(body, response);
    if (records !== undefined) return records;
    if (this.settings.end?.missingRecords === true) return [];
    const where = this.settings.records === undefined ? 'no list in it' : `nothing at ${this.settings.records}`;
    throw new NonRetryableError(`The response (status ${response.status}) has ${where}: it has ${describe(body)}. Set records to the path of the list; `
      + 'if such a response is the end, set end.missingRecords to true, or end.statuses to its status');
  }

  private answer(request: SourceRequest, pieces: readonly Piece[], limit: number): FetchPageResponse {
    const last = pieces.at(-1)!;
    const records = pieces.length === 1 ? last.records : pieces.flatMap((piece) => piece.records);
    const asked = this.style.sendsLimit ? (pieces.length === 1 ? limit : request.pageSize) : undefined;
    const { response, isEnd } = last;
    const { totalPages, ...signs } = this.end.signs(request, last, records.length, asked);
    // Asked for fewer records, the source counts more pages.
    const isWhole = asked === undefined || (pieces.length === 1 && limit === request.pageSize);
    const page: ReadPage = { records, response, isEnd, limit: asked, ...signs, totalPages: isWhole ? totalPages : undefined };
    this.tools.observer?.onPage(page);
    return this.style.answer(request, page);
  }
}

const SMALLER_ADVICE = 'make the pages smaller, or raise maxResponseBytes and the memory of the fetch function';
