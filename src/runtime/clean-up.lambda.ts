import { CleanUpRequest, ImportResult } from '../protocol/machine-state';
import { cleanUp } from './core/clean-up';
import { environment } from './lambda/environment';
import { S3Store } from './store/s3-store';

const cache = new S3Store(environment.cacheBucket());

/** CleanUp: deletes the chunks of a published import. */
export function handler(request: CleanUpRequest): Promise<ImportResult> {
  return cleanUp(request, { cache, cachePrefix: environment.cachePrefix() });
}
