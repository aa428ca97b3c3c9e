import { FetchPageRequest } from '../../protocol/fetch-contract';
import { HttpSettings } from '../../protocol/http-settings';
import { HttpTools } from '../../source/http/auth/tools';
import { HttpSource } from '../../source/http/http-source';
import { PageSource } from '../ports/ports';

/** A source without code, in the fetch function itself. */
export class HttpPageSource implements PageSource {
  private readonly source: HttpSource;

  constructor(settings: HttpSettings, tools: HttpTools) {
    this.source = new HttpSource(settings, tools);
  }

  public async fetchPage(request: FetchPageRequest, signal: AbortSignal): Promise<unknown> {
    return this.source.fetchPage({ ...request, signal });
  }
}
