import { FetchPageRequest } from '../../protocol/fetch-contract';
import { HttpSettings } from '../../protocol/http-settings';
import type { Source } from '../../source/handler/define-source';
import { HttpTools } from '../../source/http/auth/tools';
import { sourceOf } from '../../source/http/source-of';
import { PageSource } from '../ports/ports';

/** A source without code, in the fetch function itself. */
export class HttpPageSource implements PageSource {
  private readonly source: Source;

  constructor(settings: HttpSettings, tools: HttpTools) {
    this.source = sourceOf(settings, tools);
  }

  public async fetchPage(request: FetchPageRequest, signal: AbortSignal): Promise<unknown> {
    return this.source.fetchPage({ ...request, signal });
  }
}
