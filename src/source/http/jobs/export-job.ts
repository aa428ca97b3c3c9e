import type { FetchPageResponse, TokenPage } from '../../../protocol/fetch-contract';
import { HttpJob } from '../../../protocol/http-settings';
import { JsonValue } from '../../../protocol/json';
import type { Source, SourceRequest } from '../../handler/define-source';
import { NonRetryableError } from '../../handler/errors';
import { HttpResponse } from '../message/http-response';
import { jsonPath } from '../message/json-path';
import { describe } from '../pages/describe';
import { FindRecords, recordsAt } from '../pages/records-at';
import { JobRequest, JobState } from './job-state';

/** The page token of a source whose data a job makes. */
interface JobToken {
  readonly job: string;
  /** Token of the page in the job's result, or the number of its file; `null` before the job is known to be done. */
  readonly at: { readonly token: JsonValue } | { readonly file: number } | null;
}

/**
 * A source whose data is made by a job first. Page 1 creates the job and has no records: once it is committed, the import goes on with the
 * same job, however often it is interrupted. Waits for the job are the import's own.
 */
export class ExportJob implements Source {
  private readonly files: FindRecords | undefined;

  /** @param pages the pages, or files, of a job's result */
  constructor(private readonly job: HttpJob, private readonly state: JobState, private readonly pages: Source) {
    this.files = job.files === undefined ? undefined : addressesAt(job.files);
  }

  public async fetchPage(request: SourceRequest): Promise<FetchPageResponse> {
    if (request.pageToken === null) return page([], { job: await this.state.begin(request), at: null });
    const { job, at } = tokenIn(request.pageToken);
    const ofJob = { ...request, job };
    if (this.files !== undefined) return this.fileOf(ofJob, at !== null && 'file' in at ? at.file : 0);
    if (at === null) await this.state.done(ofJob);
    return this.pageOf(ofJob, at !== null && 'token' in at ? at.token : null);
  }

  private async pageOf(request: JobRequest, token: JsonValue): Promise<FetchPageResponse> {
    // The import's page 2 is the result's page 1. The source's number of pages would not fit.
    const ofResult = { ...request, pageToken: token, pageNumber: request.pageNumber - 1 };
    const { nextPageToken = null, totalPages: _, ...answer } = await this.pages.fetchPage(ofResult) as TokenPage;
    return { ...answer, nextPageToken: nextPageToken === null ? null : tokenOf(request.job!, { token: nextPageToken }) };
  }

  /** The addresses are asked for anew each time: many are valid for some minutes only, and none belongs into the import's state. */
  private async fileOf(request: JobRequest, number: number): Promise<FetchPageResponse> {
    const files = this.filesIn(await this.state.done(request));
    if (files.length === 0 && number === 0) return { records: [], nextPageToken: null };
    if (number >= files.length) throw new NonRetryableError(`The job has ${files.length} files now, fewer than before: start a new import`);
    const { records } = await this.pages.fetchPage({ ...request, pageToken: files[number]! }) as TokenPage;
    return page(records, number + 1 < files.length ? { job: request.job!, at: { file: number + 1 } } : null);
  }

  private filesIn(response: HttpResponse): readonly string[] {
    const { files: path } = this.job;
    const files = this.files!(response.body());
    if (files === undefined) throw new NonRetryableError(`The job is done, but the answer has nothing at ${path!}: it has ${describe(response.body())}`);
    return files.map((file) => {
      if (typeof file === 'string' && URL.canParse(file, response.url.href)) return new URL(file, response.url).href;
      throw new NonRetryableError(`${path!} of the answer about the job has something that is no address`);
    });
  }
}

/** Finds one address, or a list of them. Sources whose result is empty have `null` in place of one. */
function addressesAt(path: string): FindRecords {
  const compiled = jsonPath(path);
  if (!compiled.isSingular) return recordsAt(path);
  return (body) => {
    const [found] = compiled.find(body);
    if (found === undefined || Array.isArray(found)) return found;
    return found === null ? [] : [found];
  };
}

function page(records: readonly unknown[], token: JobToken | null): FetchPageResponse {
  return { records, nextPageToken: token as unknown as JsonValue, ...token === null && { hasMore: false } };
}

function tokenOf(job: string, at: JobToken['at']): JsonValue {
  return { job, at } as unknown as JsonValue;
}

function tokenIn(token: JsonValue): JobToken {
  if (typeof token === 'object' && token !== null && 'job' in token) return token as unknown as JobToken;
  throw new NonRetryableError('The page token is none of a job: the settings have changed during the import; start a new one');
}
