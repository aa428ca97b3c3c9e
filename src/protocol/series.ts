/**
 * The successive imports of one construct. The keys of all their files begin with `<cache prefix>/<series>/`, and the permissions of the
 * construct's functions end there.
 */
export interface Series {
  /** Prefix of the cache, without slashes at either end; empty for none. */
  readonly cachePrefix: string;
  readonly name: string;
  /** The deployment to which the series belongs: account, region and stack. Two deployments of one app may share a cache. */
  readonly owner: string;
}

/** Maximum length of a series' name. It is part of every key of the cache. */
export const SERIES_NAME_CHARACTERS = 64;

/** A name that is safe in keys, policies and metrics. */
const SERIES_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

export function isSeriesName(name: string): boolean {
  return name.length <= SERIES_NAME_CHARACTERS && SERIES_NAME.test(name);
}
