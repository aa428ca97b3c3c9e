import { CHUNK_SHARE_OF_MEMORY } from '../../protocol/defaults';
import { FetchRequest, LoopState } from '../../protocol/machine-state';
import { largestPageBytes } from '../../protocol/page-limit';
import { StateName } from '../../protocol/state-names';
import { fetchPages } from '../fetch/fetch';
import { PageSource } from '../ports/ports';
import { S3Store } from '../store/s3-store';
import { logFailedAttempt } from './attempt-log';
import { environment } from './environment';
import { progressLog } from './progress-log';
import { step, StepHandler } from './step';
import { systemWorld } from './system-world';

/** The Fetch handler over a source, wherever its pages come from. */
export function fetchHandler(source: PageSource): StepHandler<FetchRequest, LoopState> {
  const cache = new S3Store(environment.cacheBucket());
  return step(StateName.FETCH, (request, context) => fetchPages(request, {
    cache,
    cachePrefix: environment.cachePrefix(),
    source,
    settings: {
      chunkBytes: environment.chunkBytes(),
      mostChunkBytes: Number(context.memoryLimitInMB) * 1024 * 1024 * CHUNK_SHARE_OF_MEMORY,
      checkpointMilliseconds: environment.checkpointIntervalSeconds() * 1000,
      pageBytes: largestPageBytes(Number(context.memoryLimitInMB)),
      maxPages: environment.maxPages(),
      maxRecords: environment.maxRecords(),
      maxEmptyPages: environment.maxEmptyPages(),
      shortPages: environment.shortPages(),
      repeatedPages: environment.repeatedPages(),
    },
    nonFiniteNumbers: environment.nonFiniteNumbers(),
    pageAttempts: environment.pageAttempts(),
    maxWaitSeconds: environment.maxWaitSeconds(),
    onPage: progressLog(environment.progressIntervalSeconds()),
    onFailedAttempt: logFailedAttempt,
    world: systemWorld(context),
  }));
}
