import { HttpSettings } from '../../protocol/http-settings';
import { placeInResponse } from '../../source/http/message/place';
import { rateIn } from '../signs/rate-headers';
import { Preview, totalSentIn } from './previewed-page';
import { WarningCheck } from './warning-check';

/** What settings lack, seen against what the source sends. */
export const SETTINGS_WARNINGS: readonly WarningCheck[] = [
  { name: 'no-stop-rule', check: noStopRule },
  { name: 'no-total', check: noTotal },
  { name: 'no-rate-limit', check: noRateLimit },
  { name: 'no-encryption', check: noEncryption },
];

/** An empty page is a rule, but a weak one: a source that repeats its last page has none. */
function noStopRule({ pagination, end = {}, total }: HttpSettings): string | undefined {
  const endsByItself = pagination.style !== 'offset' && pagination.style !== 'page' && pagination.style !== 'keyset';
  const hasRule = [total, end.hasMore, end.totalPages, end.statuses].some((rule) => rule !== undefined) || end.shortPage === true;
  if (endsByItself || hasRule) return undefined;
  return 'Only an empty page ends the import: a source that fails with an empty answer would end it early. Set total, end.hasMore or end.totalPages.';
}

function noTotal({ total, pagination }: HttpSettings, { pages }: Preview): string | undefined {
  if (total !== undefined || pages.length === 0 || pagination.style === 'single') return undefined;
  const found = totalSentIn(pages);
  const advice = found === undefined ? 'The responses have none that is recognized; set minRecords on the construct.' : `Set total to ${JSON.stringify(found.place)}: `
    + `${placeInResponse(found.place)} is ${found.count}.`;
  return `The number of records is not compared with the source's own total. ${advice}`;
}

function noRateLimit({ rateLimit }: HttpSettings, { pages }: Preview): string | undefined {
  if (rateLimit !== undefined) return undefined;
  const responses = pages.flatMap((page) => page.responses);
  const isRefused = responses.some(({ status }) => status === 429);
  const rate = responses.map(({ headers }) => rateIn(headers)).find((found) => found !== undefined);
  if (rate === undefined && !isRefused) return undefined;
  const why = rate === undefined ? 'The source answers 429' : `The source sends ${rate.headers.join(', ')}`;
  const limit = rate?.perMinute === undefined ? 'what it allows, such as { "perSecond": 5 }' : `{ "perMinute": ${rate.perMinute} }`;
  return `${why}, and the settings have no rate limit: set rateLimit to ${limit}.`;
}

function noEncryption({ url }: HttpSettings): string | undefined {
  return /^http:/i.test(url) ? 'Requests and records are not encrypted on their way: write https:// instead of http://.' : undefined;
}
