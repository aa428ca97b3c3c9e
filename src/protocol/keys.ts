import { Series } from './series';

/**
 * The key grammar of the chunk cache: the only place where cache keys are built or parsed.
 *
 * ```
 * <cache prefix>/<series>/<importId>/import.json
 *                                    data/00000012-<uuid>.<jsonl, csv.gz ...>
 *                                    data/summary-<uuid>.json
 *                                    folds/00000012-00000017
 *                                    commits/00000012.json
 *                                    uploads/0001.json
 *                                    published.json
 * ```
 */

const INDEX_DIGITS = 8;
const UPLOAD_DIGITS = 4;

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}

/** A cache prefix without slashes at either end, as the other functions expect it. */
export function normalizePrefix(prefix: string): string {
  return prefix.replace(/^\/+|\/+$/g, '');
}

/** The keys of all files of a series begin with this prefix, which ends with a slash. */
export function seriesPrefix({ cachePrefix, name }: Pick<Series, 'cachePrefix' | 'name'>): string {
  return cachePrefix === '' ? `${name}/` : `${cachePrefix}/${name}/`;
}

/** Every importId is a random UUID. */
const IMPORT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a text can be an importId. Anything else must never become part of a key. */
export function isImportId(text: string): boolean {
  return IMPORT_ID.test(text);
}

/** The keys of one import. */
export class ImportKeys {
  /** Prefix of all files of the import. */
  public readonly all: string;
  /** What the whole import shares. */
  public readonly import: string;
  /** Marker of a finished import. */
  public readonly published: string;
  /** Prefix of all chunks, and of everything that is deleted with them. */
  public readonly data: string;
  /** Prefix of all folds. */
  public readonly folds: string;
  /** Prefix of all commit records. */
  public readonly commits: string;
  /** Prefix of all upload records. */
  public readonly uploads: string;

  constructor(public readonly series: Series, public readonly importId: string) {
    const prefix = `${seriesPrefix(series)}${importId}/`;
    this.all = prefix;
    this.import = `${prefix}import.json`;
    this.published = `${prefix}published.json`;
    this.data = `${prefix}data/`;
    this.folds = `${prefix}folds/`;
    this.commits = `${prefix}commits/`;
    this.uploads = `${prefix}uploads/`;
  }

  /** A chunk. Each upload has a new uuid, so a late one cannot overwrite another's chunk. */
  public chunk(index: number, uuid: string, extension: string): string {
    return `${this.data}${padded(index, INDEX_DIGITS)}-${uuid}.${extension}`;
  }

  /** Whether a key can be that of a chunk with this index. A commit record names its chunk, and must name none but the import's own. */
  public isChunk(key: string, index: number): boolean {
    const start = `${this.data}${padded(index, INDEX_DIGITS)}-`;
    return key.startsWith(start) && !key.slice(start.length).includes('/');
  }

  /** A summary for the states before publishing. It contains records, so it is deleted together with the chunks. */
  public summary(uuid: string): string {
    return `${this.data}summary-${uuid}.json`;
  }

  /**
   * Chunks that S3 joined on the way to the published object. Deterministic: its content follows from the log.
   *
   * @param first index of its first chunk, from 0
   * @param last index of its last chunk
   */
  public fold(first: number, last: number): string {
    return `${this.folds}${padded(first, INDEX_DIGITS)}-${padded(last, INDEX_DIGITS)}`;
  }

  /** A commit record. Deterministic: a slot that exactly one attempt wins. */
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
