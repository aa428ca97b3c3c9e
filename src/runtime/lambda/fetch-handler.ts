import { FetchRequest, LoopState } from '../../protocol/machine-state';
import { largestChunkBytes, largestPageBytes } from '../../protocol/memory-shares';
import { StateName } from '../../protocol/state-names';
import { fetchPages } from '../fetch/fetch';
import { OpenSource } from '../ports/ports';
import { S3Store } from '../store/s3-store';
import { environment } from './environment';
import { step, StepHandler } from './step';
import { systemWorld } from './system-world';

/** The Fetch handler for any kind of source. */
export function fetchHandler(openSource: OpenSource): StepHandler<FetchRequest, LoopState> {
  const cache = new S3Store(environment.cacheBucket(), { requests: environment.cacheRequests() });
  return step(StateName.FETCH, (request, context) => fetchPages(request, {
    cache,
    series: environment.series(),
    openSource,
    settings: {
      chunkBytes: environment.chunkBytes(),
      maxChunkBytes: largestChunkBytes(Number(context.memoryLimitInMB)),
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
