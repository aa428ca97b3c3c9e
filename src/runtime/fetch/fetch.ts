import { NonFiniteNumbers } from '../../protocol/choices';
import { ImportKeys } from '../../protocol/keys';
import { FetchRequest, LoopState } from '../../protocol/machine-state';
import { fileExtension } from '../../protocol/output-settings';
import { SegmentPool } from '../bytes/segment-pool';
import { withIsolatedObserver } from '../errors/isolated';
import { formatOf } from '../formats/format-of';
import { CommitLog } from '../log/commit-log';
import { openImport } from '../log/import-access';
import { together } from '../ports/in-order';
import { ObjectStore } from '../ports/object-store';
import { OpenSource, World } from '../ports/ports';
import { ChunkWriter } from './chunk-writer';
import { loopState } from './loop-state';
import { PageFetcher } from './page-fetcher';
import { runPageLoop } from './page-loop';
import { PageRunSettings, Pause } from './page-run';
import { TimeBudget } from './time-budget';

/** What Fetch works with. */
export interface FetchTools {
  readonly cache: ObjectStore;
  readonly cachePrefix: string;
  readonly openSource: OpenSource;
  readonly settings: PageRunSettings;
  /** @default NonFiniteNumbers.FAIL */
  readonly nonFiniteNumbers?: NonFiniteNumbers;
  readonly pageAttempts: number;
  readonly maxWaitSeconds: number;
  readonly world: World;
}

/** One round: reads the log from its pointer, fetches and commits pages while there is time, and says how far the log is. */
export async function fetchPages(request: FetchRequest, tools: FetchTools): Promise<LoopState> {
  const { importId, chunks } = request.state;
  const { cache } = tools;
  const world = withIsolatedObserver(tools.world);
  const keys = new ImportKeys(tools.cachePrefix, importId);
  const budget = new TimeBudget(world.invocation);
  const log = new CommitLog(cache, keys, importId, world);
  const startedAt = world.clock.now();
  const opening = openImport(cache, keys, importId, world.clock).finally(() => budget.noteRead(world.clock.now() - startedAt));
  // The file never changes: it does not matter which of the two is read first.
  const [importFile] = await together(opening, log.open(chunks));
  const { output } = importFile;
  const pause = await runPageLoop({
    importFile,
    log,
    style: { ...output, format: formatOf(output.format, tools.nonFiniteNumbers), segments: new SegmentPool() },
    fetcher: new PageFetcher(tools.openSource(importFile, world), importFile, world, tools.pageAttempts, request.retryCount),
    budget,
    world,
    settings: tools.settings,
    knownPages: request.state.pages,
    ...countedSoFar(request),
    maxWaitSeconds: tools.maxWaitSeconds,
    newWriter: () => new ChunkWriter(cache, keys, log, world, budget, fileExtension(output)),
  });
  return nextState(request, log, pause);
}

/** What earlier rounds have counted for the page that is due; nothing after a redrive, whose reason is to try again. */
function countedSoFar(request: FetchRequest): Pick<LoopState, 'waitedSeconds' | 'failedAttempts'> {
  const { waitedSeconds, failedAttempts, redriveCount } = request.state;
  return redriveCount === redrivesOf(request) ? { waitedSeconds, failedAttempts } : { waitedSeconds: 0, failedAttempts: 0 };
}

function redrivesOf({ state, redriveCount }: FetchRequest): number {
  return state.parentRedriveCount + redriveCount;
}

function nextState(request: FetchRequest, log: CommitLog, pause: Pause): LoopState {
  const { state, retryCount } = request;
  // Retries and waits count, so that the limit on rounds bounds the events of the execution's history.
  const round = state.round + 1 + retryCount + (pause.waitSeconds > 0 ? 1 : 0);
  const { parentRedriveCount } = state;
  return loopState(state.importId, log, { ...pause, round, redriveCount: redrivesOf(request), parentRedriveCount });
}
