import { SourceModuleError } from '../../protocol/errors';
import { FetchPageRequest } from '../../protocol/fetch-contract';
import type { FetchPage } from '../../source/define-source';
import { sourceHandler } from '../../source/source-handler';
import { PageSource } from '../core/ports';
import { describeError } from '../errors/describe-error';

/** The user's module, in the fetch function itself: a page costs no invocation of its own. */
export class ModuleSource implements PageSource {
  private fetchPageOfModule: Promise<FetchPage> | undefined;

  /** @param url where the module is */
  constructor(private readonly url: string) {}

  public async fetchPage(request: FetchPageRequest, signal: AbortSignal): Promise<unknown> {
    this.fetchPageOfModule ??= load(this.url);
    const fetchPage = await this.fetchPageOfModule;
    return fetchPage({ ...request, signal });
  }
}

/** Loaded by the first page and not with the function, so that a module that fails to load is named in the import's error. */
async function load(url: string): Promise<FetchPage> {
  let exports: unknown;
  try {
    exports = await import(url);
  } catch (error) {
    throw new SourceModuleError(`it failed to load (${describeError(error)})`, { cause: error });
  }
  const { fetchPage, problem } = sourceHandler(exports);
  if (fetchPage === undefined) throw new SourceModuleError(problem);
  return fetchPage;
}
