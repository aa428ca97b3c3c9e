import { checkHttpSettings } from '../../../protocol/http-check/check-http-settings';
import { HttpEnd, HttpJob, HttpSettings, HttpTimeouts } from '../../../protocol/http-settings';
import { JsonObject } from '../../../protocol/json';
import { checkOptions, slipsIn } from '../../base/check-options';
import { Kinds } from '../../base/kinds';
import { certificateOf, CLIENT_CERTIFICATE_KINDS } from './client-certificate';
import {
  HTTP_END_KINDS, HTTP_ERROR_RULE_KINDS, HTTP_JOB_KINDS, HTTP_RATE_LIMIT_KINDS, HTTP_SOURCE_KINDS, HttpEndOptions, HttpJobOptions,
  HttpSourceProps,
} from './http-source-props';

/** The public factory, for messages. */
export const WHERE = 'FetchPageHandler.http';

/**
 * Refuses properties with a value of a wrong kind.
 *
 * @returns warnings about names that do nothing
 */
export function checkHttpProps(props: HttpSourceProps): readonly string[] {
  checkOptions(WHERE, props, HTTP_SOURCE_KINDS);
  return [...slipsIn(WHERE, props, HTTP_SOURCE_KINDS), ...nestedIn(props).flatMap((check) => check())];
}

/** Checks of the objects in properties; each returns warnings. */
function nestedIn({ end, rateLimit, job, clientCertificate, errors = [] }: HttpSourceProps): readonly (() => readonly string[])[] {
  return [
    () => checkNested(end, HTTP_END_KINDS, 'end.'),
    () => checkNested(rateLimit, HTTP_RATE_LIMIT_KINDS, 'rateLimit.'),
    () => checkNested(job, HTTP_JOB_KINDS, 'job.'),
    () => checkNested(clientCertificate, CLIENT_CERTIFICATE_KINDS, 'clientCertificate.'),
    ...errors.map((rule, index) => () => checkNested(rule, HTTP_ERROR_RULE_KINDS, `errors[${index}].`)),
  ];
}

function checkNested<Options extends object>(given: Options | undefined, kinds: Kinds<Options>, prefix: string): readonly string[] {
  if (given === undefined) return [];
  checkOptions(WHERE, given, kinds, prefix);
  return slipsIn(WHERE, given, kinds, prefix);
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
  const {
    pagination, end, total, auth, clientCertificate, body, job, connectTimeout: _, headersTimeout, bodyTimeout, maxResponseSize, ...same
  } = props;
  const timeouts = timeoutsOf(props);
  return {
    ...same,
    pagination: pagination._settings,
    ...end && { end: endOf(end) },
    ...total && { total: total._place },
    ...auth && { auth: auth._settings },
    ...clientCertificate && { clientCertificate: certificateOf(clientCertificate) },
    ...body && { body: body as JsonObject },
    ...job && { job: jobOf(job) },
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

function jobOf({ id, state, createBody, statusBody, pollInterval, ...same }: HttpJobOptions): HttpJob {
  return {
    ...same,
    id: id._place,
    state: state._place,
    ...createBody && { createBody: createBody as JsonObject },
    ...statusBody && { statusBody: statusBody as JsonObject },
    ...pollInterval && { pollSeconds: pollInterval.toSeconds({ integral: false }) },
  };
}

function timeoutsOf({ connectTimeout, headersTimeout, bodyTimeout }: HttpSourceProps): HttpTimeouts {
  return {
    ...connectTimeout && { connectSeconds: connectTimeout.toSeconds({ integral: false }) },
    ...headersTimeout && { headersSeconds: headersTimeout.toSeconds({ integral: false }) },
    ...bodyTimeout && { bodySeconds: bodyTimeout.toSeconds({ integral: false }) },
  };
}
