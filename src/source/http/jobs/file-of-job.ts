import type { FetchPageResponse } from '../../../protocol/fetch-contract';
import type { SourceRequest } from '../../handler/define-source';
import { Asked } from '../message/outgoing-request';
import { lastAnswer, PaginationStyle, ReadPage } from '../paging/style';

/** A file of a job's result: everything at the address that is the page token. */
export class FileOfJob implements PaginationStyle {
  public readonly sendsLimit = false;
  public readonly smaller = 'never';

  public ask({ pageToken }: SourceRequest): Asked {
    return { url: new URL(pageToken as string), values: [] };
  }

  public answer(_request: SourceRequest, page: ReadPage): FetchPageResponse {
    return lastAnswer(page);
  }
}
