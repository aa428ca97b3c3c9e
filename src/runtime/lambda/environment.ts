import { PROGRESS_INTERVAL_SECONDS } from '../../protocol/defaults';
import { EnvironmentVariable, IntegrityCheck } from '../../protocol/environment';
import { ConfigurationError } from '../../protocol/errors';

/** Reads the environment variables that the constructs set. Throws ConfigurationError, naming the variable. */
export const environment = {
  cacheBucket: () => text(EnvironmentVariable.CACHE_BUCKET),
  cachePrefix: () => process.env[EnvironmentVariable.CACHE_PREFIX] ?? '',
  destinationBucket: () => text(EnvironmentVariable.DESTINATION_BUCKET),
  destinationKey: () => text(EnvironmentVariable.DESTINATION_KEY),
  pageSize: () => positiveInteger(EnvironmentVariable.PAGE_SIZE),
  chunkBytes: () => positiveInteger(EnvironmentVariable.CHUNK_BYTES),
  checkpointIntervalSeconds: () => positiveInteger(EnvironmentVariable.CHECKPOINT_INTERVAL_SECONDS),
  pageAttempts: () => positiveInteger(EnvironmentVariable.PAGE_ATTEMPTS),
  maxWaitSeconds: () => positiveInteger(EnvironmentVariable.MAX_WAIT_SECONDS),
  maximumAgeSeconds: () => positiveInteger(EnvironmentVariable.MAXIMUM_AGE_SECONDS),
  progressIntervalSeconds: () => Number(process.env[EnvironmentVariable.PROGRESS_INTERVAL_SECONDS] ?? PROGRESS_INTERVAL_SECONDS),
  fetchPageFunction: () => text(EnvironmentVariable.FETCH_PAGE_FUNCTION),
  integrityCheck,
};

function text(variable: string): string {
  const value = process.env[variable];
  if (value === undefined || value === '') throw new ConfigurationError(variable, 'is not set');
  return value;
}

function positiveInteger(variable: string): number {
  const value = Number(text(variable));
  if (!Number.isSafeInteger(value) || value <= 0) throw new ConfigurationError(variable, 'is not a whole number above 0');
  return value;
}

function integrityCheck(): IntegrityCheck {
  const value = text(EnvironmentVariable.INTEGRITY_CHECK);
  const known = Object.values(IntegrityCheck).find((check) => check === value);
  if (known === undefined) throw new ConfigurationError(EnvironmentVariable.INTEGRITY_CHECK, `is none of ${Object.values(IntegrityCheck).join(', ')}`);
  return known;
}
