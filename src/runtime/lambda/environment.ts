import { BucketRequests } from '../../protocol/bucket-requests';
import { IntegrityCheck, NonFiniteNumbers, OnEmpty, RepeatedPages, ShortPages, TotalMismatch } from '../../protocol/choices';
import { PROGRESS_INTERVAL_SECONDS } from '../../protocol/defaults';
import { EnvironmentVariable } from '../../protocol/environment';
import { ConfigurationError } from '../../protocol/errors';
import { Series } from '../../protocol/series';

/** Reads the environment variables that the constructs set. Throws ConfigurationError, naming the variable. */
export const environment = {
  cacheBucket: () => text(EnvironmentVariable.CACHE_BUCKET),
  series: (): Series => ({
    cachePrefix: process.env[EnvironmentVariable.CACHE_PREFIX] ?? '',
    name: text(EnvironmentVariable.SERIES),
    owner: text(EnvironmentVariable.OWNER),
  }),
  pageSize: () => positiveInteger(EnvironmentVariable.PAGE_SIZE),
  chunkBytes: () => positiveInteger(EnvironmentVariable.CHUNK_BYTES),
  checkpointIntervalSeconds: () => positiveInteger(EnvironmentVariable.CHECKPOINT_INTERVAL_SECONDS),
  pageAttempts: () => positiveInteger(EnvironmentVariable.PAGE_ATTEMPTS),
  maxWaitSeconds: () => positiveInteger(EnvironmentVariable.MAX_WAIT_SECONDS),
  maxPages: () => limit(EnvironmentVariable.MAX_PAGES),
  maxRecords: () => limit(EnvironmentVariable.MAX_RECORDS),
  nonFiniteNumbers: () => oneOf(EnvironmentVariable.NON_FINITE_NUMBERS, Object.values(NonFiniteNumbers)),
  maxEmptyPages: () => positiveInteger(EnvironmentVariable.MAX_EMPTY_PAGES),
  shortPages: () => oneOf(EnvironmentVariable.SHORT_PAGES, Object.values(ShortPages)),
  repeatedPages: () => oneOf(EnvironmentVariable.REPEATED_PAGES, Object.values(RepeatedPages)),
  minRecords: () => wholeNumber(EnvironmentVariable.MIN_RECORDS, 0),
  maximumAgeSeconds: () => positiveInteger(EnvironmentVariable.MAXIMUM_AGE_SECONDS),
  embedded: () => oneOf(EnvironmentVariable.EMBEDDED, ['true', 'false']) === 'true',
  progressIntervalSeconds: () => Number(process.env[EnvironmentVariable.PROGRESS_INTERVAL_SECONDS] ?? PROGRESS_INTERVAL_SECONDS),
  fetchPageFunction: () => text(EnvironmentVariable.FETCH_PAGE_FUNCTION),
  cacheRequests: () => requests(EnvironmentVariable.CACHE_REQUESTS),
  destinationRequests: () => requests(EnvironmentVariable.DESTINATION_REQUESTS),
  integrityCheck: () => oneOf(EnvironmentVariable.INTEGRITY_CHECK, Object.values(IntegrityCheck)),
  onEmpty: () => oneOf(EnvironmentVariable.ON_EMPTY, Object.values(OnEmpty)),
  onTotalMismatch: () => oneOf(EnvironmentVariable.ON_TOTAL_MISMATCH, Object.values(TotalMismatch)),
};

function text(variable: string): string {
  const value = process.env[variable];
  if (value === undefined || value === '') throw new ConfigurationError(variable, 'is not set');
  return value;
}

function positiveInteger(variable: string): number {
  return wholeNumber(variable, 1);
}

/** `undefined` for no limit. */
function limit(variable: string): number | undefined {
  return process.env[variable] === undefined ? undefined : positiveInteger(variable);
}

function wholeNumber(variable: string, least: number): number {
  const given = text(variable);
  const value = /^\d+$/.test(given) ? Number(given) : NaN;
  if (!Number.isSafeInteger(value) || value < least) throw new ConfigurationError(variable, `is not a whole number from ${least}`);
  return value;
}

function requests(variable: string): BucketRequests {
  try {
    return JSON.parse(process.env[variable] ?? '{}') as BucketRequests;
  } catch {
    throw new ConfigurationError(variable, 'is not JSON');
  }
}

function oneOf<Value extends string>(variable: string, values: readonly Value[]): Value {
  const given = text(variable);
  const known = values.find((value) => value === given);
  if (known === undefined) throw new ConfigurationError(variable, `is none of ${values.join(', ')}`);
  return known;
}
