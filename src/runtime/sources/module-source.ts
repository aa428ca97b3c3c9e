import { SourceModuleError } from '../../protocol/errors';
import { FetchPageRequest } from '../../protocol/fetch-contract';
import type { FetchPage } from '../../source/define-source';
import { PageSource } from '../core/ports';

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
  let module: { readonly default?: unknown };
  try {
    module = await import(url) as { readonly default?: unknown };
  } catch (error) {
    throw new SourceModuleError(`it failed to load (${error instanceof Error ? `${error.name}: ${error.message}` : 'it threw no Error'})`, { cause: error });
  }
  return handlerOf(module.default);
}

function handlerOf(exported: unknown): FetchPage {
  if (typeof exported === 'function') return exported as FetchPage;
  const { fetchPage } = (exported ?? {}) as { readonly fetchPage?: unknown };
  if (typeof fetchPage === 'function') return fetchPage.bind(exported) as FetchPage;
  throw new SourceModuleError(exported === undefined ? 'it has no default export' : `its default export is of type ${typeof exported}`);
}
