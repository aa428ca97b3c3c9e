import { NonFiniteNumbers } from '../../protocol/choices';
import { ImportKeys } from '../../protocol/keys';
import { FetchRequest, LoopState } from '../../protocol/machine-state';
import { fileExtension } from '../../protocol/output-settings';
import { Series } from '../../protocol/series';
import { SegmentPool } from '../bytes/segment-pool';
import { TextEncoding } from '../chunks/text-encoding';
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

/** Settings of Fetch. */
export interface FetchSettings extends PageRunSettings {
  /** Maximum size of a page, in bytes, given the function's memory. */
  readonly pageBytes: number;
}

/** What Fetch works with. */
export interface FetchTools {
  readonly cache: ObjectStore;
  readonly series: Series;
  readonly openSource: OpenSource;
  readonly settings: FetchSettings;
  /** @default NonFiniteNumbers.FAIL */
  readonly nonFiniteNumbers?: NonFiniteNumbers;
  readonly pageAttempts: number;
  readonly maxWaitSeconds: number;
  readonly world: World;
}

/** One round: reads the log from its pointer, fetches and commits pages while there is time, and returns how far the log is. */
export async function fetchPages(request: FetchRequest, tools: FetchTools): Promise<LoopState> {
  const { importId, chunks } = request.state;
  const { cache } = tools;
  const world = withIsolatedObserver(tools.world);
  const keys = new ImportKeys(tools.series, importId);
  const budget = new TimeBudget(world.invocation);
  const log = new CommitLog(cache, keys, world);
  const startedAt = world.clock.now();
  const opening = openImport(cache, keys, world.clock).finally(() => budget.noteRead(world.clock.now() - startedAt));
  // The file never changes, so the order of the two reads does not matter.
  const [importFile] = await together(opening, log.open(chunks));
  const { output } = importFile;
  const format = formatOf(output.format, tools.nonFiniteNumbers);
  const source = tools.openSource(importFile, world, request.source);
  const pause = await runPageLoop({
    importFile,
    log,
    encodings: {
      records: new TextEncoding({ ...output, format, segments: new SegmentPool(), pageBytes: tools.settings.pageBytes }),
    },
    fetcher: new PageFetcher(source, importFile, world, tools.pageAttempts, request.retryCount),
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

/** Waits and failures that earlier rounds counted for the next page. A redrive starts again from zero. */
function countedSoFar(request: FetchRequest): Pick<LoopState, 'waitedSeconds' | 'failedAttempts'> {
  const { waitedSeconds, failedAttempts, redriveCount } = request.state;
  return redriveCount === redrivesOf(request) ? { waitedSeconds, failedAttempts } : { waitedSeconds: 0, failedAttempts: 0 };
}

function redrivesOf({ state, redriveCount }: FetchRequest): number {
  return state.parentRedriveCount + redriveCount;
}

function nextState(request: FetchRequest, log: CommitLog, pause: Pause): LoopState {
  const { state, retryCount } = request;
  // Retries and waits count as rounds, so the limit on rounds also bounds the execution's history.
  const round = state.round + 1 + retryCount + (pause.waitSeconds > 0 ? 1 : 0);
  const { parentRedriveCount } = state;
  return loopState(state.importId, log, { ...pause, round, redriveCount: redrivesOf(request), parentRedriveCount });
}
