import { ImportWarning } from './import-warning';
import { fileExtension, Layout, OutputSettings } from './output-settings';

/**
 * The manifest: what was published, and from which chunks. A pure function of import file and commit log. The package contains its JSON
 * Schema as schema/manifest.schema.json.
 */
export interface Manifest {
  readonly formatVersion: number;
  readonly importId: string;
  readonly executionArn: string;
  /** Start of the import, ISO 8601 in UTC. */
  readonly startTime: string;
  readonly bucket: string;
  /** Key of the published object; if there are several, their prefix, with a trailing slash. */
  readonly key: string;
  readonly layout: string;
  readonly format: string;
  readonly compression: string;
  /** The media type of the published objects. */
  readonly contentType: string;
  /** Columns of a CSV, in order. Absent for other formats, and if they were to come from the first record and there was none. */
  readonly columns?: readonly string[];
  readonly pageSize: number;
  readonly pages: number;
  readonly records: number;
  /** Total bytes of the published objects, after compression. */
  readonly bytes: number;
  /** CRC32 of the object, or of all objects concatenated, in base64 as S3 writes it. */
  readonly crc32: string;
  /** The source's own total; absent if it gave none. */
  readonly sourceTotal?: number;
  /** What may be wrong with the import; may be empty. The import's result has the same warnings. */
  readonly warnings: readonly ImportWarning[];
  /** The chunks, in order. */
  readonly chunks: readonly ManifestChunk[];
  /** Version of the package that started the import. */
  readonly packageVersion: string;
}

/** One chunk. */
export interface ManifestChunk {
  /** Key of the chunk's own object; absent if all chunks are in one object. */
  readonly key?: string;
  /** Key that the chunk had in the cache until the import was published. */
  readonly cacheKey: string;
  /** Offset of its first byte in the object, or in all objects concatenated. */
  readonly offset: number;
  readonly bytes: number;
  readonly records: number;
  readonly firstPage: number;
  readonly lastPage: number;
  readonly crc32: string;
  /** SHA-256 of the page token of its first page, in hex; `null` for none. */
  readonly firstTokenDigest: string | null;
  /** SHA-256 of the page token that follows its last page, in hex; `null` for none. */
  readonly nextTokenDigest: string | null;
  readonly ledger: LedgerSummary;
}

/** Summary of a chunk's pages. */
export interface LedgerSummary {
  readonly pages: number;
  readonly emptyPages: number;
  /** Records of its smallest page. */
  readonly leastRecords: number;
  /** Records of its largest page. */
  readonly mostRecords: number;
}

/** User metadata of the published objects and their manifest. Later imports identify the owner by it. */
export const ObjectMetadata = {
  IMPORT_ID: 'import-id',
  START_TIME: 'import-start-time',
} as const;

/**
 * The default key of a manifest: next to the one object, or below the prefix of several. Athena, Spark and Hive skip names that begin with
 * an underscore.
 *
 * @param destinationKey may contain placeholders and CDK tokens: neither contains a slash at this point
 */
export function manifestKey(destinationKey: string, layout: Layout = Layout.OBJECT): string {
  if (layout === Layout.PARTS) return `${destinationKey}_manifest.json`;
  const name = destinationKey.lastIndexOf('/') + 1;
  return `${destinationKey.slice(0, name)}_${destinationKey.slice(name)}${OBJECT_MANIFEST}`;
}

const OBJECT_MANIFEST = '.manifest.json';

/** Whether an object's key looks like a manifest's. */
export function isNamedAsManifest(destinationKey: string): boolean {
  const name = destinationKey.slice(destinationKey.lastIndexOf('/') + 1);
  return name.startsWith('_') && name.endsWith(OBJECT_MANIFEST);
}

/** Prefix of the names of parts. */
const PART_NAME = 'part-';

const PART_DIGITS = 8;

/** Prefix of the keys of all parts. */
export function partsPrefix(prefix: string): string {
  return `${prefix}${PART_NAME}`;
}

/** The key of a part, below its prefix. Numbers start at 0. */
export function partKey(prefix: string, number: number, extension: string): string {
  return `${partsPrefix(prefix)}${String(number).padStart(PART_DIGITS, '0')}.${extension}`;
}

/** The key of the published records. For several parts, that of the first one: all part keys have the same length. */
export function recordsKey(destinationKey: string, output: Pick<OutputSettings, 'format' | 'compression' | 'layout'>): string {
  return output.layout === Layout.PARTS ? partKey(destinationKey, 0, fileExtension(output)) : destinationKey;
}
