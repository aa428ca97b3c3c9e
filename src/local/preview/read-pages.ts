import { setTimeout as sleep } from 'node:timers/promises';
import { PAGE_ATTEMPTS } from '../../protocol/defaults';
import { FIRST_POSITION, Position } from '../../protocol/fetch-contract';
import { HttpSettings } from '../../protocol/http-settings';
import { JsonValue } from '../../protocol/json';
import { describeError } from '../../runtime/errors/describe-error';
import { redactorOf } from '../../runtime/errors/redact';
import { Page, readResponse } from '../../runtime/fetch/page-response';
import { askedPage } from '../../runtime/formats/asked-page';
import type { Source } from '../../source/handler/define-source';
import { NonRetryableError, RetryLaterError } from '../../source/handler/errors';
import { HttpTools } from '../../source/http/auth/tools';
import { sourceOf } from '../../source/http/source-of';
import { decisionAfter } from './decision';
import { PreviewObserver } from './preview-observer';
import { Preview, PreviewedPage } from './previewed-page';

/** What to read. */
export interface PreviewRequest {
  readonly settings: HttpSettings;
  readonly pageSize: number;
  readonly mostPages: number;
  /** No further page is read once there are so many records. */
  readonly mostRecords: number;
  readonly input: JsonValue;
  readonly signal: AbortSignal;
  /** Attempts at a page. @default PAGE_ATTEMPTS */
  readonly mostAttempts?: number;
}

/** Longest wait that a preview makes for a source, in seconds. */
const LONGEST_WAIT_SECONDS = 60;

/** Pause before another attempt, in milliseconds. */
const PAUSE_MILLISECONDS = 1000;

/** A page could not be read. */
export interface FailedPage {
  readonly number: number;
  /** Without secrets. */
  readonly message: string;
}

/** Reads the first pages of a source with the engine of the import. */
export class PageReader {
  private readonly observer = new PreviewObserver();
  private readonly source: Source;
  private readonly pages: PreviewedPage[] = [];
  private records = 0;

  constructor(private readonly request: PreviewRequest, tools: HttpTools) {
    this.source = sourceOf(request.settings, { ...tools, observer: this.observer });
  }

  /** Resolves with what was read, also if a page then failed. */
  public async read(): Promise<Preview & { readonly failed?: FailedPage }> {
    const { mostPages, mostRecords, pageSize } = this.request;
    let position: Position | null = FIRST_POSITION;
    try {
      while (position !== null && this.pages.length < mostPages && this.records < mostRecords) position = await this.page(position);
      return { pages: this.pages, pageSize, guessedPath: this.observer.guessedPath };
    } catch (error) {
      const { pageNumber, pageToken } = position!;
      const message = describeError(error, redactorOf({ pageToken, input: this.request.input }));
      return { pages: this.pages, pageSize, guessedPath: this.observer.guessedPath, failed: { number: pageNumber, message } };
    }
  }

  private async page(position: Position): Promise<Position | null> {
    const page = await this.answer(position);
    const { responses, read } = this.observer.taken();
    this.records += read.records.length;
    const { next } = page;
    const decision = decisionAfter(this.request.settings, { read, next, pageNumber: position.pageNumber, recordsSoFar: this.records });
    this.pages.push({ number: position.pageNumber, responses, read, isLast: next === null, decision });
    return next;
  }

  private async answer(position: Position): Promise<Page> {
    const { pageSize, input, signal, mostAttempts = PAGE_ATTEMPTS } = this.request;
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await this.source.fetchPage({ ...position, pageSize, input, importId: 'preview', attempt, signal });
        return readResponse(answer, askedPage({ importId: 'preview', executionArn: '', embedded: false, pageSize }, position), Date.now()) as Page;
      } catch (error) {
        if (attempt >= mostAttempts) throw error;
        await sleep(pauseAfter(error, attempt), undefined, { signal });
      }
    }
  }
}

/**
 * Milliseconds until the next attempt.
 *
 * @throws the error, if another one would not help
 */
function pauseAfter(error: unknown, attempt: number): number {
  if (error instanceof NonRetryableError) throw error;
  if (!(error instanceof RetryLaterError)) return PAUSE_MILLISECONDS * attempt;
  if (error.retryAfterSeconds > LONGEST_WAIT_SECONDS) throw error;
  return Math.max(error.retryAfterSeconds * 1000, PAUSE_MILLISECONDS);
}
