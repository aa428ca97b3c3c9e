import { PersistRequest, PersistState } from '../../protocol/machine-state';
import { StateName } from '../../protocol/state-names';
import { persist } from '../publish/persist';
import { S3Store } from '../store/s3-store';
import { environment } from './environment';
import { step, StepHandler } from './step';
import { systemWorld } from './system-world';

const integrityCheck = environment.integrityCheck();
const ofCache = environment.cacheRequests();
const ofDestination = environment.destinationRequests();
const cache = new S3Store(environment.cacheBucket(), { integrityCheck, requests: ofCache });
/** Chunks are copied from the cache, whose owner may want to be paid for that. */
const requests = { ...ofDestination, requesterPays: ofDestination.requesterPays === true || ofCache.requesterPays === true };

/** Persist: publishes the import. */
export const handler: StepHandler<PersistRequest, PersistState> = step(StateName.PERSIST, (request, context) => persist(request, {
  cache,
  series: environment.series(),
  integrityCheck,
  onEmpty: environment.onEmpty(),
  minRecords: environment.minRecords(),
  onTotalMismatch: environment.onTotalMismatch(),
  world: systemWorld(context),
  openBucket: (bucket) => new S3Store(bucket, { integrityCheck, requests }),
}));
