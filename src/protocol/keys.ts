/**
 * The key grammar of the chunk cache: the only place where a cache key is put together or taken apart.
 *
 * ```
 * <cache prefix>/<importId>/import.json
 *                           data/00000012-<uuid>.jsonl
 *                           commits/00000012.json
 *                           uploads/0001.json
 *                           published.json
 * ```
 */

const INDEX_DIGITS = 8;
const UPLOAD_DIGITS = 4;

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}

/** A cache prefix as the other functions want it: no slash at either end. */
export function normalizePrefix(prefix: string): string {
  return prefix.replace(/^\/+|\/+$/g, '');
}

/** Everything of one import lies below this key; it ends with a slash. */
export function importPrefix(cachePrefix: string, importId: string): string {
  return cachePrefix === '' ? `${importId}/` : `${cachePrefix}/${importId}/`;
}

/** The keys of one import. */
export class ImportKeys {
  /** What the whole import shares. */
  public readonly import: string;
  /** The marker of a finished import. */
  public readonly published: string;
  /** All chunks lie below this key. */
  public readonly data: string;
  /** All commit records lie below this key. */
  public readonly commits: string;
  /** All upload records lie below this key. */
  public readonly uploads: string;

  constructor(cachePrefix: string, importId: string) {
    const prefix = importPrefix(cachePrefix, importId);
    this.import = `${prefix}import.json`;
    this.published = `${prefix}published.json`;
    this.data = `${prefix}data/`;
    this.commits = `${prefix}commits/`;
    this.uploads = `${prefix}uploads/`;
  }

  /** A chunk. The uuid is fresh for each upload, so that no key is ever written twice, whoever is late. */
  public chunk(index: number, uuid: string): string {
    return `${this.data}${padded(index, INDEX_DIGITS)}-${uuid}.jsonl`;
  }

  /** The commit record of a chunk. Deterministic: the slot that exactly one attempt wins. */
  public commit(index: number): string {
    return `${this.commits}${padded(index, INDEX_DIGITS)}.json`;
  }

  /** The index of a commit record, or `undefined` for any other key. */
  public commitIndex(key: string): number | undefined {
    return indexIn(key, this.commits, INDEX_DIGITS);
  }

  /** An upload record. Numbers start at 1. */
  public upload(number: number): string {
    return `${this.uploads}${padded(number, UPLOAD_DIGITS)}.json`;
  }

  /** The number of an upload record, or `undefined` for any other key. */
  public uploadNumber(key: string): number | undefined {
    return indexIn(key, this.uploads, UPLOAD_DIGITS);
  }
}

function indexIn(key: string, prefix: string, digits: number): number | undefined {
  if (!key.startsWith(prefix)) return undefined;
  const match = /^(\d+)\.json$/.exec(key.slice(prefix.length));
  const index = match?.[1];
  return index !== undefined && index.length >= digits ? Number(index) : undefined;
}
