/**
 * The key grammar of the chunk cache: the only place where a cache key is put together or taken apart.
 *
 * ```
 * <cache prefix>/<importId>/import.json
 *                           data/00000012-<uuid>.<jsonl, csv.gz ...>
 *                           data/summary-<uuid>.json
 *                           folds/00000012-00000017
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
  /** All files of the import lie below this key. */
  public readonly all: string;
  /** What the whole import shares. */
  public readonly import: string;
  /** The marker of a finished import. */
  public readonly published: string;
  /** All chunks lie below this key, and whatever else is deleted with them. */
  public readonly data: string;
  /** All folds lie below this key. */
  public readonly folds: string;
  /** All commit records lie below this key. */
  public readonly commits: string;
  /** All upload records lie below this key. */
  public readonly uploads: string;

  constructor(cachePrefix: string, importId: string) {
    const prefix = importPrefix(cachePrefix, importId);
    this.all = prefix;
    this.import = `${prefix}import.json`;
    this.published = `${prefix}published.json`;
    this.data = `${prefix}data/`;
    this.folds = `${prefix}folds/`;
    this.commits = `${prefix}commits/`;
    this.uploads = `${prefix}uploads/`;
  }

  /** A chunk. The uuid is fresh for each upload, so that no two uploads share a key, whoever is late. */
  public chunk(index: number, uuid: string, extension: string): string {
    return `${this.data}${padded(index, INDEX_DIGITS)}-${uuid}.${extension}`;
  }

  /** A summary for the states before publishing. Like a chunk it holds records, and goes when they go. */
  public summary(uuid: string): string {
    return `${this.data}summary-${uuid}.json`;
  }

  /**
   * Chunks that S3 has joined on the way to the published object. Deterministic: what is in it follows from the log.
   *
   * @param first place of its first chunk among the chunks, from 0
   * @param last place of its last chunk
   */
  public fold(first: number, last: number): string {
    return `${this.folds}${padded(first, INDEX_DIGITS)}-${padded(last, INDEX_DIGITS)}`;
  }

  /** The commit record of a chunk. Deterministic: the slot that exactly one attempt wins. */
  public commit(index: number): string {
    return `${this.commits}${padded(index, INDEX_DIGITS)}.json`;
  }

  /** The index of a commit record, or `undefined` for any other key. */
  public commitIndex(key: string): number | undefined {
    if (!key.startsWith(this.commits)) return undefined;
    const index = /^(\d+)\.json$/.exec(key.slice(this.commits.length))?.[1];
    return index !== undefined && index.length >= INDEX_DIGITS ? Number(index) : undefined;
  }

  /** An upload record. Numbers start at 1. */
  public upload(number: number): string {
    return `${this.uploads}${padded(number, UPLOAD_DIGITS)}.json`;
  }
}
