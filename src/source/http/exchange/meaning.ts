import { HttpErrorAction, HttpErrorRule } from '../../../protocol/http-settings';
import { HttpResponse } from '../message/http-response';
import { JsonPath, jsonPath } from '../message/json-path';

/** What a response means, by the settings' rules and then by the defaults. */

interface Rule {
  readonly statuses: ReadonlySet<number> | undefined;
  readonly body: JsonPath | undefined;
  readonly matches: RegExp | undefined;
  readonly header: string | undefined;
  readonly action: HttpErrorAction;
}

/** The rules of a source. */
export class Meanings {
  private readonly rules: readonly Rule[];
  private readonly ends: ReadonlySet<number>;

  /** @param ends statuses that mean "no more records" */
  constructor(rules: readonly HttpErrorRule[], ends: readonly number[]) {
    this.rules = rules.map(({ statuses, body, matches, header, action }) => ({
      statuses: statuses && new Set(statuses),
      body: body === undefined ? undefined : jsonPath(body),
      matches: matches === undefined ? undefined : new RegExp(matches),
      header: header?.toLowerCase(),
      action,
    }));
    this.ends = new Set(ends);
  }

  public of(response: HttpResponse): HttpErrorAction {
    const rule = this.rules.find((each) => holds(each, response));
    if (rule !== undefined) return rule.action;
    return this.ends.has(response.status) ? HttpErrorAction.END : byStatus(response);
  }
}

function holds({ statuses, header, body, matches }: Rule, response: HttpResponse): boolean {
  if (statuses !== undefined && !statuses.has(response.status)) return false;
  if (header !== undefined && response.headers[header] === undefined) return false;
  if (body === undefined) return matches === undefined || header === undefined || matches.test(response.headers[header]!);
  return valuesAt(body, response).some((value) => (matches === undefined ? isThere(value) : matches.test(String(value))));
}

/** A body that cannot be read has nothing at any path. */
function valuesAt(path: JsonPath, response: HttpResponse): readonly unknown[] {
  try {
    return path.find(response.body());
  } catch {
    return [];
  }
}

function isThere(value: unknown): boolean {
  return value !== null && value !== false && value !== '' && !(Array.isArray(value) && value.length === 0);
}

/** Statuses that may be another at the next attempt. */
const PASSING = new Set([408, 425, 500, 502, 503, 504]);

function byStatus({ status, headers }: HttpResponse): HttpErrorAction {
  if (status === 202) return HttpErrorAction.WAIT;
  if (status >= 200 && status < 300) return HttpErrorAction.ACCEPT;
  if (status === 429 || (status === 503 && headers['retry-after'] !== undefined)) return HttpErrorAction.WAIT;
  if (status === 401) return HttpErrorAction.REFRESH;
  if (status === 413) return HttpErrorAction.SMALLER_PAGE;
  return PASSING.has(status) || status > 504 ? HttpErrorAction.RETRY : HttpErrorAction.FAIL;
}
