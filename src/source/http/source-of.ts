import { HttpSettings } from '../../protocol/http-settings';
import type { Source } from '../handler/define-source';
import { HttpTools } from './auth/tools';
import { HttpSource, HttpSourceCode } from './http-source';
import { ExportJob } from './jobs/export-job';
import { FileOfJob } from './jobs/file-of-job';
import { JobState } from './jobs/job-state';

/** The source that settings describe, with code in place of some of them. */
export function sourceOf(settings: HttpSettings, tools: HttpTools, { records }: Pick<HttpSourceCode, 'records'> = {}): Source {
  const { job } = settings;
  const pages = new HttpSource(settings, tools, { records, style: job?.files === undefined ? undefined : new FileOfJob() });
  return job === undefined ? pages : new ExportJob(job, new JobState(job, settings, pages.exchanges), pages);
}
