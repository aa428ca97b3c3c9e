import { Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';

const SECONDS_PER_DAY = 24 * 3600;

/** Storage classes whose objects must be restored before they can be read. */
const ARCHIVES = ['GLACIER', 'DEEP_ARCHIVE'];

/**
 * Errors for lifecycle rules that would delete or archive objects of a running import, which could then be neither resumed nor published.
 *
 * @param prefix prefix of the cache, without a trailing slash
 * @returns a message for each such rule
 */
export function checkLifecycle(bucket: s3.CfnBucket, prefix: string, maximumAgeSeconds: number): string[] {
  const days = Math.ceil(maximumAgeSeconds / SECONDS_PER_DAY);
  return rulesOf(bucket).filter((rule) => concerns(rule, prefix)).flatMap((rule) => [...expiries(rule, days), ...archivings(rule, days)]
    .map((problem) => `The lifecycle rule ${rule.id ?? '(without an id)'} of the chunk cache's bucket ${problem}, but an import may be `
      + `resumed for ${days} days, its maximum age (twice its timeout, plus 14 days); write Duration.days(${days + 1}) or more instead, shorten `
      + 'the import\'s timeout, or give the cache a prefix that the rule does not cover'));
}

/**
 * Whether a bucket keeps what is deleted from the cache: it is versioned, and no rule deletes the old versions.
 *
 * @param prefix prefix of the cache, without a trailing slash
 */
export function keepsDeleted(bucket: s3.CfnBucket, prefix: string): boolean {
  const versioning = Stack.of(bucket).resolve(bucket.versioningConfiguration) as s3.CfnBucket.VersioningConfigurationProperty | undefined;
  return versioning?.status === 'Enabled' && !rulesOf(bucket).some((rule) => expiresVersions(rule) && covers(rule, prefix));
}

/** Whether a rule deletes every old version: with a number of versions to keep, the last version of a deleted chunk stays. */
function expiresVersions(rule: s3.CfnBucket.RuleProperty): boolean {
  const expiration = rule.noncurrentVersionExpiration as s3.CfnBucket.NoncurrentVersionExpirationProperty | undefined;
  if (expiration === undefined) return rule.noncurrentVersionExpirationInDays !== undefined;
  return (expiration.newerNoncurrentVersions ?? 0) === 0;
}

function rulesOf(bucket: s3.CfnBucket): s3.CfnBucket.RuleProperty[] {
  const configuration = Stack.of(bucket).resolve(bucket.lifecycleConfiguration) as s3.CfnBucket.LifecycleConfigurationProperty | undefined;
  return (configuration?.rules ?? []) as s3.CfnBucket.RuleProperty[];
}

/** Whether a rule covers some of the cache. Rules for tagged objects do not: the cache's objects have no tags. */
function concerns(rule: s3.CfnBucket.RuleProperty, prefix: string): boolean {
  return isInForce(rule) && (folder(prefix).startsWith(rule.prefix ?? '') || (rule.prefix ?? '').startsWith(folder(prefix)));
}

/** Whether a rule covers all of the cache. */
function covers(rule: s3.CfnBucket.RuleProperty, prefix: string): boolean {
  const { objectSizeGreaterThan, objectSizeLessThan } = rule;
  return isInForce(rule) && folder(prefix).startsWith(rule.prefix ?? '') && objectSizeGreaterThan === undefined && objectSizeLessThan === undefined;
}

function isInForce({ status, tagFilters }: s3.CfnBucket.RuleProperty): boolean {
  return status === 'Enabled' && !isFilled(tagFilters);
}

function folder(prefix: string): string {
  return prefix === '' ? '' : `${prefix}/`;
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function expiries({ expirationInDays, expirationDate }: s3.CfnBucket.RuleProperty, days: number): string[] {
  if (expirationDate !== undefined) return [`expires objects at a fixed date (${String(expirationDate)})`];
  return expirationInDays !== undefined && expirationInDays <= days ? [`expires objects after ${expirationInDays} days`] : [];
}

function archivings({ transitions }: s3.CfnBucket.RuleProperty, days: number): string[] {
  return ((transitions ?? []) as s3.CfnBucket.TransitionProperty[])
    .filter(({ storageClass, transitionInDays }) => ARCHIVES.includes(storageClass) && (transitionInDays ?? 0) <= days)
    .map(({ storageClass }) => `moves objects to ${storageClass}, where they cannot be read`);
}
