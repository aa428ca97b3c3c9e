import type { Context } from 'aws-lambda';
import { SummarizeRequest, SummaryState } from '../protocol/import-summary';
import { summarize } from './core/summarize';
import { environment } from './lambda/environment';
import { systemWorld } from './lambda/system-world';
import { S3Store } from './store/s3-store';

const cache = new S3Store(environment.cacheBucket());

/** Summarize: what the states before publishing are told. */
export function handler(request: SummarizeRequest, context: Context): Promise<SummaryState> {
  return summarize(request, { cache, cachePrefix: environment.cachePrefix(), world: systemWorld(context) });
}
