import { ShortPages } from '../../protocol/choices';
import { PaginatedImportError, recordedError } from '../../protocol/errors';
import { FailureUnless, LogFailure } from '../../protocol/log-failure';
import { CommitLog } from '../log/commit-log';
import { ChunkWriter } from './chunk-writer';
import { PageRun, PageRunTools, Pause } from './page-run';

/** What the page loop works with. */
export interface PageLoopTools extends PageRunTools {
  /** A writer that goes on from the log's end as it is now. */
  newWriter(): ChunkWriter;
}

/**
 * Fetches pages from where the log ends, until the source ends, the time is up or a wait is due, and commits them. When another
 * attempt wins a slot, or has gone on while this one's page failed, what was fetched after it is dropped, and the loop goes on from the
 * log's new end.
 *
 * ```
 * pages ... ending -> commit the rest -> all commits settled -> displaced, or overtaken: again from the log's new end
 *                                                            -> neither: the ending, a pause or a failure
 * ```
 *
 * @returns why it stopped; whether the source has ended is in the log
 * @throws the error that has closed the log, without asking for a page
 */
export async function runPageLoop(tools: PageLoopTools): Promise<Pause> {
  for (;;) {
    requireOpen(tools);
    const writer = tools.newWriter();
    const run = new PageRun(tools, writer);
    const ending: Ending = await run.untilPause().then((pause) => ({ pause }), (error: unknown) => ({ error }));
    await run.commitRest();
    await writer.drain();
    if (writer.isDisplaced || await isOvertaken(ending, tools.log, writer)) continue;
    if ('error' in ending) throw ending.error;
    tools.fetcher.requireUnbroken();
    return ending.pause;
  }
}

/** How a run of pages ended. */
type Ending = { readonly pause: Pause } | { readonly error: unknown };

function requireOpen({ log: { failure }, settings: { shortPages } }: PageLoopTools): void {
  if (failure === undefined) return;
  if (failure.unless === FailureUnless.SHORT_PAGES_ALLOWED && shortPages === ShortPages.ALLOW) return;
  throw recordedError(failure);
}

/**
 * Whether another attempt has committed the page that this one failed at, or is to wait for: then that is none of the import's business
 * any more. Asked where nothing was under way whose slot would have told.
 */
async function isOvertaken(ending: Ending, log: CommitLog, { writerId }: ChunkWriter): Promise<boolean> {
  if ('pause' in ending) return ending.pause.waitSeconds > 0 && log.refresh();
  const failure = failureOf(ending.error);
  // Close the log before the failure is reported: after that, the handler may be replaced by one that hides the problem.
  if (failure !== undefined) return !await log.close(writerId, failure);
  // The page's failure came first, and must be reported.
  return log.refresh().catch(() => false);
}

/** What to close the log with; `undefined` if the failure does not make committed pages wrong. */
function failureOf(error: unknown): LogFailure | undefined {
  if (!(error instanceof PaginatedImportError) || error.closing === undefined) return undefined;
  return { error: error.name, message: error.message, ...error.closing };
}
