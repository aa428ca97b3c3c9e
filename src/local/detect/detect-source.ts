import { checkHttpSettings } from '../../protocol/http-check/check-http-settings';
import { HttpSettings } from '../../protocol/http-settings';
import { HttpTools } from '../../source/http/auth/tools';
import { placeInResponse } from '../../source/http/message/place';
import { describe } from '../../source/http/pages/describe';
import { rateIn } from '../signs/rate-headers';
import { FoundCount } from '../signs/totals';
import { FoundCredentials, Header, takeCredentials } from './credentials';
import { FoundPageSize, findPageSize } from './find-page-size';
import { FoundPagination, findPagination } from './find-pagination';
import { FoundRecords, findRecords } from './find-records';
import { findTotal } from './find-total';
import { Probe } from './probe';
import { Finding, Proposal } from './proposal';
import { Sample, sampleOf } from './sample';

/** What to look at. */
export interface DetectRequest {
  readonly url: string;
  readonly headers: readonly Header[];
  readonly privateNetwork: boolean;
  readonly signal: AbortSignal;
}

/**
 * Asks a source for a page or two, and proposes settings.
 *
 * @throws Error if the source refuses, or its answer has no list; the message has no secret
 */
export async function detectSource({ url, headers, privateNetwork, signal }: DetectRequest, tools: HttpTools): Promise<Proposal> {
  const credentials = takeCredentials(new URL(url), headers);
  const base = baseSettings(credentials, privateNetwork);
  checkHttpSettings('the proposal', base);
  const probe = new Probe({ ...tools, readSecret: async ({ environment }) => credentials.secrets[environment!]! }, signal);
  const response = await probe.first(base);
  const records = findRecords(response.body());
  if (records === undefined) throw new Error(`the answer (status ${response.status}) has no list of records: it has ${describe(response.body())}`);
  const sample = sampleOf(credentials.url, response, records);
  const atRecords = { ...base, records: records.path };
  const size = await findPageSize(probe, atRecords, sample);
  const pagination = await findPagination(probe, atRecords, sample, size);
  const total = findTotal(sample, pagination.pages);
  const settings = { ...pagination.settings, ...total === undefined ? {} : { total: total.place }, ...rateSettings(sample) };
  checkHttpSettings('the proposal', settings);
  return { settings, requests: probe.requests, findings: findingsOf({ credentials, sample, records, size, pagination, total }) };
}

function baseSettings({ url, auth, headers }: FoundCredentials, privateNetwork: boolean): HttpSettings {
  return {
    url: url.href,
    ...privateNetwork ? { privateNetwork } : {},
    ...headers.length === 0 ? {} : { headers: Object.fromEntries(headers) },
    ...auth === undefined ? {} : { auth },
    pagination: { style: 'single' },
  };
}

/** A rate that the headers name; else a reserve, so that others with the same quota are left something. */
function rateSettings({ response: { headers } }: Sample): Pick<HttpSettings, 'rateLimit'> {
  const rate = rateIn(headers);
  if (rate === undefined) return {};
  return { rateLimit: rate.perMinute === undefined ? { reserve: 1 } : { perMinute: rate.perMinute } };
}

interface Found {
  readonly credentials: FoundCredentials;
  readonly sample: Sample;
  readonly records: FoundRecords;
  readonly size: FoundPageSize | undefined;
  readonly pagination: FoundPagination;
  readonly total: FoundCount | undefined;
}

function findingsOf({ credentials, sample, records, size, pagination, total }: Found): Finding[] {
  return [
    ...credentials.auth === undefined ? [] : [{ setting: 'auth', reason: credentials.reason, isSure: true }],
    recordsFinding(records),
    paginationFinding(pagination),
    ...pagination.settings.pagination.style === 'single' ? [] : [sizeFinding(size)],
    ...endFinding(pagination, total),
    totalFinding(total),
    ...rateFinding(sample),
  ];
}

function recordsFinding({ path, list, reason, isSure }: FoundRecords): Finding {
  const empty = list.length === 0 ? ', which is empty, so that hardly anything can be told from it' : '';
  return { setting: 'records', reason: `${path}: ${reason}${empty}`, isSure: isSure && list.length > 0 };
}

function paginationFinding({ name, reason, isConfirmed }: FoundPagination): Finding {
  const tried = isConfirmed ? 'A second page was asked for so, and has other records' : 'No second page has shown it';
  return { setting: 'pagination', reason: `${name}: ${reason}. ${tried}`, isSure: isConfirmed };
}

function sizeFinding(size: FoundPageSize | undefined): Finding {
  if (size === undefined) return { setting: 'page size', reason: 'no usual parameter changed the number of records; if there is one, add it', isSure: false };
  return { setting: 'page size', reason: `${size.name}: ${size.asked} records were asked for, and as many came`, isSure: true };
}

function endFinding({ settings: { pagination, end } }: FoundPagination, total: FoundCount | undefined): Finding[] {
  const place = end?.hasMore ?? end?.totalPages;
  if (place !== undefined) return [{ setting: 'end', reason: `${placeInResponse(place)} says whether there is more`, isSure: true }];
  const isByPosition = pagination.style === 'offset' || pagination.style === 'page';
  return isByPosition && total === undefined ? [{ setting: 'end', reason: 'nothing but an empty page ends the import', isSure: false }] : [];
}

function totalFinding(total: FoundCount | undefined): Finding {
  if (total === undefined) return { setting: 'total', reason: 'the answers have no number of records that stays the same', isSure: true };
  return { setting: 'total', reason: `${placeInResponse(total.place)} is ${total.count}`, isSure: true };
}

function rateFinding({ response }: Sample): Finding[] {
  const rate = rateIn(response.headers);
  if (rate === undefined) return [];
  const names = rate.headers.join(', ');
  if (rate.perMinute !== undefined) return [{ setting: 'rateLimit', reason: `${names} allow ${rate.perMinute} requests per minute`, isSure: true }];
  return [{ setting: 'rateLimit', reason: `${names} are obeyed, and one request is left over. Set perSecond or perMinute to what the source's documentation says`, isSure: false }];
}
