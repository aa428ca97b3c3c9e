import { SourceModuleError } from '../../protocol/errors';
import { FetchPageRequest } from '../../protocol/fetch-contract';
import type { FetchPage } from '../../source/handler/define-source';
import { sourceHandler } from '../../source/handler/source-handler';
import { describeError, framesOf } from '../errors/describe-error';
import { BrokenProcess } from '../ports/broken-process';
import { PageSource } from '../ports/ports';
import { StrayErrors } from './stray-errors';

/** The user's module, in the fetch function itself: a page costs no extra invocation. */
export class ModuleSource implements PageSource {
  private fetchPageOfModule: Promise<FetchPage> | undefined;
  private failedToLoad: BrokenProcess | undefined;

  /**
   * @param url URL of the module
   * @param strayErrors created before the module is loaded
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

  /** Call when the invocation asks for no more pages. */
  public endInvocation(): void {
    this.strayErrors.release();
  }

  /** Loads the module at the first page and not with the function, so that the import's error can name a module that fails to load. */
  private async load(): Promise<FetchPage> {
    const { fetchPage, problem } = sourceHandler(await this.exports());
    if (fetchPage === undefined) throw new SourceModuleError(problem);
    return fetchPage;
  }

  /** Node.js does not evaluate a failed module again in the same process: importing it gives the same error. */
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
 * Whether Node.js could not even start the module: it does not parse, or imports something that does not exist. The innermost stack frame
 * tells, since the module's own code may throw a SyntaxError too, for example while parsing a reply.
 */
function isUnloadable(error: unknown): boolean {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND' || /\bnode:internal\/modules\//.test(framesOf(error)[0] ?? '');
}
