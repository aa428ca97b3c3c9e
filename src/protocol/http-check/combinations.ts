import { HttpMethod, OffsetAdvance } from '../http-choices';
import { HttpPagination, HttpSettings, RequestPlace } from '../http-settings';
import { problemOfAuth } from './auth-combinations';
import { first } from './checks';

/** What is wrong with settings that are right one by one. */
export function problemOfCombination(settings: HttpSettings): string | undefined {
  return first([
    () => problemOfPath(settings),
    () => problemOfBody(settings),
    () => problemOfAuth(settings),
    () => problemOfShortPage(settings),
    () => problemOfWindow(settings.pagination),
    () => problemOfRules(settings),
    () => problemOfJob(settings),
  ]);
}

/** The fields of paginations that are places in requests. */
const PLACES = ['offset', 'limit', 'page', 'size', 'send', 'from', 'to'];

/** Where a page's values are put into requests. */
function placesOf(pagination: HttpPagination): RequestPlace[] {
  return Object.entries(pagination).flatMap(([name, value]) => (PLACES.includes(name) ? [value as RequestPlace] : []));
}

function problemOfPath({ url, pagination }: HttpSettings): string | undefined {
  const missing = placesOf(pagination).find(({ path }) => path !== undefined && !url.includes(`{${path}}`));
  return missing && `pagination has { "path": "${missing.path}" }, but url has no {${missing.path}}; write {${missing.path}} where the value goes`;
}

function problemOfBody({ method, body, pagination }: HttpSettings): string | undefined {
  if (method !== HttpMethod.GET) return undefined;
  const hasBody = body !== undefined || pagination.style === 'graphql' || placesOf(pagination).some((place) => place.body !== undefined);
  return hasBody ? 'method is GET, but the request has a body; leave method out, or write "POST"' : undefined;
}

function problemOfShortPage({ end, pagination }: HttpSettings): string | undefined {
  if (end?.shortPage !== true || sendsLimit(pagination)) return undefined;
  return 'end.shortPage needs a number of records that is asked for; write where it goes, as pagination.size or pagination.limit';
}

function sendsLimit(pagination: HttpPagination): boolean {
  return pagination.style === 'graphql' || 'limit' in pagination || 'size' in pagination;
}

function problemOfWindow(pagination: HttpPagination): string | undefined {
  if (pagination.style !== 'time-window') return undefined;
  const [start, end] = [Date.parse(pagination.start), Date.parse(pagination.end ?? '')];
  return start >= end ? 'pagination.start is not before pagination.end' : undefined;
}

function problemOfRules({ errors = [] }: HttpSettings): string | undefined {
  const at = errors.findIndex(({ statuses, body, header }) => statuses === undefined && body === undefined && header === undefined);
  if (at >= 0) return `errors[${at}] holds for every response; write at least one of statuses, body and header`;
  const alone = errors.findIndex(({ matches, body, header }) => matches !== undefined && body === undefined && header === undefined);
  return alone < 0 ? undefined : `errors[${alone}].matches needs a value to match; write its JSONPath as errors[${alone}].body, or errors[${alone}].header`;
}

/** Pages whose borders the import knows begin at its first page, which a job does not have. */
const STYLES_OF_JOBS = ['token', 'next-link', 'link-header', 'keyset', 'single'];

function problemOfJob(settings: HttpSettings): string | undefined {
  const { url, job, pagination } = settings;
  if (job === undefined) return JSON.stringify(settings).includes('{job}') ? '{job} stands for the id of a job, but there is none; write job' : undefined;
  const { createUrl, statusUrl, done, failed = [], files } = job;
  if (done.length === 0) return 'job.done is an empty list; write the states of a job that is done';
  const both = failed.find((state) => done.includes(state));
  if (both !== undefined) return `job.done and job.failed both have "${both}"; write it in one of them`;
  if (files !== undefined && pagination.style !== 'single') return 'job.files has the pages; write { "style": "single" } as pagination';
  const isByReceived = pagination.style === 'offset' && pagination.advance === OffsetAdvance.RECEIVED;
  if (!STYLES_OF_JOBS.includes(pagination.style) && !isByReceived) {
    return `the result of a job cannot be read by ${pagination.style}; write one of ${STYLES_OF_JOBS.join(', ')}, or offset with "advance": "received"`;
  }
  const other = [createUrl, statusUrl].find((address) => originOf(address) !== originOf(url));
  return other === undefined ? undefined : 'job.createUrl, job.statusUrl and url have different origins; write addresses of one, and list others of links in origins';
}

/** Scheme, host and port, with their placeholders. */
function originOf(url: string): string {
  return /^\w+:\/\/[^/?#]*/.exec(url)?.[0].toLowerCase() ?? url;
}
