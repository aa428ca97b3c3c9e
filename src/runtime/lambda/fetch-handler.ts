import { CHUNK_SHARE_OF_MEMORY } from '../../protocol/defaults';
import { FetchRequest, LoopState } from '../../protocol/machine-state';
import { largestPageBytes } from '../../protocol/page-limit';
import { StateName } from '../../protocol/state-names';
import { fetchPages } from '../fetch/fetch';
import { OpenSource } from '../ports/ports';
import { S3Store } from '../store/s3-store';
import { environment } from './environment';
import { step, StepHandler } from './step';
import { systemWorld } from './system-world';

/** The Fetch handler over sources, wherever their pages come from. */
export function fetchHandler(openSource: OpenSource): StepHandler<FetchRequest, LoopState> {
  const cache = new S3Store(environment.cacheBucket());
  return step(StateName.FETCH, (request, context) => fetchPages(request, {
    cache,
    cachePrefix: environment.cachePrefix(),
    openSource,
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
    world: systemWorld(context),
  }));
}
