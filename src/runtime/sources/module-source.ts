import { SourceModuleError } from '../../protocol/errors';
import { FetchPageRequest } from '../../protocol/fetch-contract';
import type { FetchPage } from '../../source/define-source';
import { sourceHandler } from '../../source/source-handler';
import { describeError, framesOf } from '../errors/describe-error';
import { BrokenProcess } from '../ports/broken-process';
import { PageSource } from '../ports/ports';
import { StrayErrors } from './stray-errors';

/** The user's module, in the fetch function itself: a page costs no invocation of its own. */
export class ModuleSource implements PageSource {
  private fetchPageOfModule: Promise<FetchPage> | undefined;
  private failedToLoad: BrokenProcess | undefined;

  /**
   * @param url where the module is
   * @param strayErrors made before the module is loaded
   */
  constructor(private readonly url: string, private readonly strayErrors = new StrayErrors(process)) {}

  public get broken(): BrokenProcess | undefined {
    return this.strayErrors.first ?? this.failedToLoad;
  }

  public async fetchPage(request: FetchPageRequest, signal: AbortSignal): Promise<unknown> {
    return this.strayErrors.interrupting(async () => {
      this.fetchPageOfModule ??= this.load();
      const fetchPage = await this.fetchPageOfModule;
      return fetchPage({ ...request, signal });
    });
  }

  /** The invocation asks for no more pages. */
  public endInvocation(): void {
    this.strayErrors.release();
  }

  /** Loaded by the first page and not with the function, so that a module that fails to load is named in the import's error. */
  private async load(): Promise<FetchPage> {
    const { fetchPage, problem } = sourceHandler(await this.exports());
    if (fetchPage === undefined) throw new SourceModuleError(problem);
    return fetchPage;
  }

  /** A module that has thrown is not evaluated again in this process: importing it gives the same error. */
  private async exports(): Promise<unknown> {
    try {
      return await import(this.url);
    } catch (error) {
      if (isUnloadable(error)) throw new SourceModuleError(`it failed to load (${describeError(error)})`, { cause: error });
      throw this.failedToLoad = new BrokenProcess('load', error);
    }
  }
}

/**
 * Whether Node.js could not even begin to run the module: it does not parse, or imports what is not there. Told by the frame that has
 * thrown, since the module's own code may throw a SyntaxError, too, of what a server has answered.
 */
function isUnloadable(error: unknown): boolean {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND' || /\bnode:internal\/modules\//.test(framesOf(error)[0] ?? '');
}
