import { Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';

const SECONDS_PER_DAY = 24 * 3600;

/** Storage classes whose objects cannot be read before they are restored. */
const ARCHIVES = ['GLACIER', 'DEEP_ARCHIVE'];

/**
 * The errors for lifecycle rules that would take objects away from a running import: an import whose records vanish one by one
 * can be neither resumed nor published.
 *
 * @param prefix prefix of the cache, without a slash at its end
 * @returns a message for each such rule
 */
export function checkLifecycle(bucket: s3.CfnBucket, prefix: string, maximumAgeSeconds: number): string[] {
  const days = Math.ceil(maximumAgeSeconds / SECONDS_PER_DAY);
  return rulesOf(bucket).filter((rule) => concerns(rule, prefix)).flatMap((rule) => [...expiries(rule, days), ...archivings(rule, days)]
    .map((problem) => `The lifecycle rule ${rule.id ?? '(without an id)'} of the chunk cache's bucket ${problem}, but an import may be `
      + `resumed for ${days} days, its maximum age (twice its timeout, plus 14 days); write Duration.days(${days + 1}) or more instead, shorten `
      + 'the import\'s timeout, or give the cache a prefix that the rule does not cover'));
}

function rulesOf(bucket: s3.CfnBucket): s3.CfnBucket.RuleProperty[] {
  const configuration = Stack.of(bucket).resolve(bucket.lifecycleConfiguration) as s3.CfnBucket.LifecycleConfigurationProperty | undefined;
  return (configuration?.rules ?? []) as s3.CfnBucket.RuleProperty[];
}

/** Whether a rule touches the cache. Rules for tagged objects do not: the cache's objects have no tags. */
function concerns({ status, prefix: ruled, tagFilters }: s3.CfnBucket.RuleProperty, prefix: string): boolean {
  const below = prefix === '' ? '' : `${prefix}/`;
  const covered = ruled ?? '';
  return status === 'Enabled' && !isFilled(tagFilters) && (below.startsWith(covered) || covered.startsWith(below));
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
