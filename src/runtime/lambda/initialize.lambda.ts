import { InitializeRequest, LoopState } from '../../protocol/machine-state';
import { StateName } from '../../protocol/state-names';
import { initialize } from '../steps/initialize';
import { S3Store } from '../store/s3-store';
import { environment } from './environment';
import { PACKAGE_VERSION } from './package-version';
import { step, StepHandler } from './step';
import { systemWorld } from './system-world';

const cache = new S3Store(environment.cacheBucket(), { requests: environment.cacheRequests() });

/** Initialize: starts an import, or resumes one. */
export const handler: StepHandler<InitializeRequest, LoopState> = step(StateName.INITIALIZE, (request, context) => initialize(request, {
  cache,
  series: environment.series(),
  pageSize: environment.pageSize(),
  maximumAgeSeconds: environment.maximumAgeSeconds(),
  embedded: environment.embedded(),
  packageVersion: PACKAGE_VERSION,
  world: systemWorld(context),
  openBucket: (bucket) => new S3Store(bucket, { requests: environment.destinationRequests() }),
}));
