import { checkHttpSettings } from '../../../protocol/http-check/check-http-settings';
import { HttpEnd, HttpSettings, HttpTimeouts } from '../../../protocol/http-settings';
import { JsonObject } from '../../../protocol/json';
import { checkOptions, slipsIn } from '../../base/check-options';
import { HTTP_END_KINDS, HTTP_ERROR_RULE_KINDS, HTTP_RATE_LIMIT_KINDS, HTTP_SOURCE_KINDS, HttpEndOptions, HttpSourceProps } from './http-source-props';

/** The public factory, for messages. */
export const WHERE = 'FetchPageHandler.http';

/**
 * Refuses properties with a value of a wrong kind.
 *
 * @returns warnings about names that do nothing
 */
export function checkHttpProps(props: HttpSourceProps): readonly string[] {
  const { end, rateLimit, errors = [] } = props;
  checkOptions(WHERE, props, HTTP_SOURCE_KINDS);
  if (end !== undefined) checkOptions(WHERE, end, HTTP_END_KINDS, 'end.');
  if (rateLimit !== undefined) checkOptions(WHERE, rateLimit, HTTP_RATE_LIMIT_KINDS, 'rateLimit.');
  errors.forEach((rule, index) => checkOptions(WHERE, rule, HTTP_ERROR_RULE_KINDS, `errors[${index}].`));
  return [
    ...slipsIn(WHERE, props, HTTP_SOURCE_KINDS),
    ...end === undefined ? [] : slipsIn(WHERE, end, HTTP_END_KINDS, 'end.'),
    ...rateLimit === undefined ? [] : slipsIn(WHERE, rateLimit, HTTP_RATE_LIMIT_KINDS, 'rateLimit.'),
    ...errors.flatMap((rule, index) => slipsIn(WHERE, rule, HTTP_ERROR_RULE_KINDS, `errors[${index}].`)),
  ];
}

/**
 * The settings as they travel in the definition. They may hold tokens.
 *
 * @throws Error if one is wrong, or they do not fit together
 */
export function settingsOf(props: HttpSourceProps): HttpSettings {
  const settings = asSettings(props);
  checkHttpSettings(WHERE, settings);
  return settings;
}

function asSettings(props: HttpSourceProps): HttpSettings {
  const { pagination, end, total, auth, body, connectTimeout: _, headersTimeout, bodyTimeout, maxResponseSize, ...same } = props;
  const timeouts = timeoutsOf(props);
  return {
    ...same,
    pagination: pagination._settings,
    ...end && { end: endOf(end) },
    ...total && { total: total._place },
    ...auth && { auth: auth._settings },
    ...body && { body: body as JsonObject },
    ...Object.keys(timeouts).length > 0 && { timeouts },
    ...maxResponseSize && { maxResponseBytes: maxResponseSize.toBytes() },
  };
}

function endOf({ hasMore, lastPage, totalPages, ...same }: HttpEndOptions): HttpEnd {
  return {
    ...same,
    ...hasMore && { hasMore: hasMore._place },
    ...lastPage && { lastPage: lastPage._place },
    ...totalPages && { totalPages: totalPages._place },
  };
}

function timeoutsOf({ connectTimeout, headersTimeout, bodyTimeout }: HttpSourceProps): HttpTimeouts {
  return {
    ...connectTimeout && { connectSeconds: connectTimeout.toSeconds({ integral: false }) },
    ...headersTimeout && { headersSeconds: headersTimeout.toSeconds({ integral: false }) },
    ...bodyTimeout && { bodySeconds: bodyTimeout.toSeconds({ integral: false }) },
  };
}
