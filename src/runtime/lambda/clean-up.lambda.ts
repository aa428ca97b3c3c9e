import { CleanUpRequest, ImportResult } from '../../protocol/machine-state';
import { StateName } from '../../protocol/state-names';
import { cleanUp } from '../steps/clean-up';
import { S3Store } from '../store/s3-store';
import { environment } from './environment';
import { step, StepHandler } from './step';

const cache = new S3Store(environment.cacheBucket(), { requests: environment.cacheRequests() });

/** CleanUp: deletes the chunks of a published import. */
export const handler: StepHandler<CleanUpRequest, ImportResult> = step(StateName.CLEAN_UP, (request) => (
  cleanUp(request, { cache, series: environment.series() })
));
