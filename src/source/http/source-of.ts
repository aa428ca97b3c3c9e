import { HttpSettings } from '../../protocol/http-settings';
import type { Source } from '../handler/define-source';
import { HttpTools } from './auth/tools';
import { HttpSource } from './http-source';
import { ExportJob } from './jobs/export-job';
import { FileOfJob } from './jobs/file-of-job';
import { JobState } from './jobs/job-state';

/** The source that settings describe. */
export function sourceOf(settings: HttpSettings, tools: HttpTools): Source {
  const { job } = settings;
  const pages = new HttpSource(settings, tools, job?.files === undefined ? undefined : new FileOfJob());
  return job === undefined ? pages : new ExportJob(job, new JobState(job, settings, pages.exchanges), pages);
}
