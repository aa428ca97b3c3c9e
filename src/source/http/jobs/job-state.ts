import { HttpDecoder, HttpJob, HttpSettings, LargeNumbers } from '../../../protocol/http-settings';
import type { SourceRequest } from '../../handler/define-source';
import { NonRetryableError, RetryLaterError } from '../../handler/errors';
import { Channel, Exchanges } from '../exchange/exchanges';
import { HttpResponse } from '../message/http-response';
import { RequestBuilder } from '../message/outgoing-request';
import { placeInResponse, reader, ReadPlace } from '../message/place';
import { Filling } from '../message/template';
import { sendable } from '../paging/by-token';

/** A request for a page of a job's result. */
export type JobRequest = SourceRequest & Filling;

const POLL_SECONDS = 10;

/** Creates jobs, and asks about their state. */
export class JobState {
  private readonly create: Channel;
  private readonly status: Channel;
  private readonly id: ReadPlace;
  private readonly state: ReadPlace;

  constructor(private readonly job: HttpJob, settings: HttpSettings, private readonly exchanges: Exchanges) {
    const { createUrl, createBody = {}, statusUrl, statusBody } = job;
    this.create = channelTo(settings, createUrl, createBody);
    this.status = channelTo(settings, statusUrl, statusBody);
    this.id = reader(job.id);
    this.state = reader(job.state);
  }

  /** @returns the id of a new job */
  public async begin(request: SourceRequest): Promise<string> {
    const { response } = await this.exchanges.ask({ values: [] }, request, this.create);
    const id = sendable(this.id(response));
    if (id === undefined || id === '') throw new NonRetryableError(`The source has created a job, but its answer has no id at ${placeInResponse(this.job.id)}`);
    return String(id);
  }

  /**
   * The answer about a job that is done.
   *
   * @throws RetryLaterError if it is not done yet
   * @throws NonRetryableError if it has failed
   */
  public async done(request: JobRequest): Promise<HttpResponse> {
    const { response } = await this.exchanges.ask({ values: [] }, request, this.status);
    const state = sendable(this.state(response));
    if (state === undefined) throw new NonRetryableError(`The answer about the job has no state at ${placeInResponse(this.job.state)}`);
    const { done, failed = [], pollSeconds = POLL_SECONDS } = this.job;
    if (done.includes(String(state))) return response;
    if (failed.includes(String(state))) throw new NonRetryableError(`The job has failed: its state is ${String(state)}`);
    const after = new RetryLaterError(response.headers['retry-after']);
    throw after.retryAfterSeconds > 0 ? after : new RetryLaterError(pollSeconds, 'The job is not done yet');
  }
}

/** Jobs are told of in JSON, with the headers of the pages and none of their parameters. */
function channelTo({ headers, pagination }: HttpSettings, url: string, body: HttpSettings['body']): Channel {
  return {
    builder: new RequestBuilder({ url, pagination, ...headers && { headers }, ...body && { body } }),
    body: { decoder: HttpDecoder.JSON, largeNumbers: LargeNumbers.EXACT },
  };
}
