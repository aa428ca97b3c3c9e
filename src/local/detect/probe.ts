import { HttpSettings } from '../../protocol/http-settings';
import { HttpTools } from '../../source/http/auth/tools';
import { HttpResponse } from '../../source/http/message/http-response';
import { PreviewedPage } from '../preview/previewed-page';
import { FailedPage, PageReader } from '../preview/read-pages';

/** Requests at most: a source is asked little. */
const MOST_REQUESTS = 40;

/** A second attempt at a page: a source may ask for a short wait. */
const ATTEMPTS = 2;

/** What a trial of settings brought. */
export interface ProbedPages {
  readonly pages: readonly PreviewedPage[];
  readonly failed?: FailedPage;
}

/** Asks a source, with the engine of the import. */
export class Probe {
  private sent = 0;

  constructor(private readonly tools: HttpTools, private readonly signal: AbortSignal) {}

  public get requests(): number {
    return this.sent;
  }

  public get isSpent(): boolean {
    return this.sent >= MOST_REQUESTS;
  }

  /** @throws Error if the source cannot be read; its message has no secret */
  public async first(base: HttpSettings): Promise<HttpResponse> {
    // Any answer is taken, with or without records: a filter finds none where there is no list.
    const { pages: [page], failed } = await this.pages({ ...base, records: '$[?@]', end: { missingRecords: true } }, 1, 1);
    if (page === undefined) throw new Error(failed?.message ?? 'the source did not answer');
    return page.read.response;
  }

  public async pages(settings: HttpSettings, pageSize: number, mostPages: number): Promise<ProbedPages> {
    const request = { settings, pageSize, mostPages, mostRecords: Infinity, input: {}, signal: this.signal, mostAttempts: ATTEMPTS };
    const found = await new PageReader(request, this.tools).read();
    this.signal.throwIfAborted();
    this.sent += found.pages.reduce((sum, { responses }) => sum + responses.length, found.failed === undefined ? 0 : 1);
    return found;
  }
}
