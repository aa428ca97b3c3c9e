import { SummarizeRequest, SummaryState } from '../protocol/import-summary';
import { StateName } from '../protocol/state-names';
import { summarize } from './core/summarize';
import { environment } from './lambda/environment';
import { step, StepHandler } from './lambda/step';
import { systemWorld } from './lambda/system-world';
import { S3Store } from './store/s3-store';

const cache = new S3Store(environment.cacheBucket());

/** Summarize: what the states before publishing are told. */
export const handler: StepHandler<SummarizeRequest, SummaryState> = step(StateName.SUMMARIZE, (request, context) => (
  summarize(request, { cache, cachePrefix: environment.cachePrefix(), world: systemWorld(context) })
));
