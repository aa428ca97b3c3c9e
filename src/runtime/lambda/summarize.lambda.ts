import { SummarizeRequest, SummaryState } from '../../protocol/import-summary';
import { StateName } from '../../protocol/state-names';
import { summarize } from '../steps/summarize';
import { S3Store } from '../store/s3-store';
import { environment } from './environment';
import { step, StepHandler } from './step';
import { systemWorld } from './system-world';

const cache = new S3Store(environment.cacheBucket(), { requests: environment.cacheRequests() });

/** Summarize: prepares the input of the states before publishing. */
export const handler: StepHandler<SummarizeRequest, SummaryState> = step(StateName.SUMMARIZE, (request, context) => (
  summarize(request, { cache, series: environment.series(), world: systemWorld(context) })
));
