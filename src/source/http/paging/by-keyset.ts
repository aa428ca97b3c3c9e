import type { FetchPageResponse } from '../../../protocol/fetch-contract';
import { KeysetPagination } from '../../../protocol/http-settings';
import { JsonValue } from '../../../protocol/json';
import type { SourceRequest } from '../../handler/define-source';
import { NonRetryableError } from '../../handler/errors';
import { JsonPath, jsonPath } from '../message/json-path';
import { Asked } from '../message/outgoing-request';
import { firstToken, sendable, tokenValues } from './by-token';
import { isEndOfRecords, PaginationStyle, Piece, ReadPage, tokenAnswer } from './style';

/** Pages by a field of the last record before. */
export class ByKeyset implements PaginationStyle {
  public readonly smaller = 'shorter';
  private readonly field: JsonPath;

  constructor(private readonly settings: KeysetPagination) {
    this.field = jsonPath(settings.field);
  }

  public get sendsLimit(): boolean {
    return this.settings.size !== undefined;
  }

  public ask(request: SourceRequest, { limit }: Piece): Asked {
    const { pageToken } = request;
    const { send, size, first, inclusive = false } = this.settings;
    // One record has come before: a page of it alone would look like the end.
    const records = inclusive && pageToken !== null ? Math.max(2, limit) : limit;
    return { values: tokenValues(pageToken ?? firstToken(first, request), send, size, records) };
  }

  public answer({ pageToken }: SourceRequest, page: ReadPage): FetchPageResponse {
    const fresh = { ...page, records: this.withoutSentBefore(page.records, pageToken) };
    if (isEndOfRecords(fresh)) return tokenAnswer(fresh, null);
    const key = this.keyOf(fresh.records.at(-1));
    if (key === undefined) {
      throw new NonRetryableError(`The last record has no text and no number at ${this.settings.field}, by which the next page is asked for`);
    }
    if (key === pageToken) {
      throw new NonRetryableError(`The last records of two pages have the same ${this.settings.field}: records with this value may be missing. Page by a unique field`);
    }
    return tokenAnswer(fresh, key);
  }

  /** @throws NonRetryableError if the last record of the page before came again, and must not */
  private withoutSentBefore(records: readonly unknown[], pageToken: JsonValue): readonly unknown[] {
    if (pageToken === null || records.length === 0 || this.keyOf(records[0]) !== pageToken) return records;
    if (this.settings.inclusive === true) return records.slice(1);
    // The same field twice on end is told by the last record, with what to do about it.
    if (this.keyOf(records.at(-1)) === pageToken) return records;
    throw new NonRetryableError('The page begins with the record by which it was asked for: the parameter means "from", not "after". Set inclusive to true');
  }

  private keyOf(record: unknown): string | number | undefined {
    return sendable(this.field.find(record)[0]);
  }
}
