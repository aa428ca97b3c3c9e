import { ImportWarning } from './import-warning';
import { fileExtension, Layout, OutputSettings } from './output-settings';

/**
 * The manifest: what was published, and what it is made of. A pure function of import file and commit log. Its JSON Schema is published
 * with the package, as schema/manifest.schema.json.
 */
export interface Manifest {
  readonly formatVersion: number;
  readonly importId: string;
  readonly executionArn: string;
  /** Start of the import, ISO 8601 in UTC. */
  readonly startTime: string;
  readonly bucket: string;
  /** Key of the published object; of several objects their prefix, with a slash at its end. */
  readonly key: string;
  readonly layout: string;
  readonly format: string;
  readonly compression: string;
  /** The media type of the published objects. */
  readonly contentType: string;
  /** Of a CSV, in order; absent for other formats, and where no record named them. */
  readonly columns?: readonly string[];
  readonly pageSize: number;
  readonly pages: number;
  readonly records: number;
  /** Of the published objects together, compressed as they are. */
  readonly bytes: number;
  /** CRC32 of the object, or of all objects in a row, base64 as S3 writes it. */
  readonly crc32: string;
  /** The source's own total; absent when it gave none. */
  readonly sourceTotal?: number;
  /** What may be wrong with the import; empty for nothing. The import's result has the same. */
  readonly warnings: readonly ImportWarning[];
  /** What became of each chunk, in order. */
  readonly chunks: readonly ManifestChunk[];
  /** Version of the package that started the import. */
  readonly packageVersion: string;
}

/** One chunk. */
export interface ManifestChunk {
  /** Key of the object that it became; absent where all chunks are in one. */
  readonly key?: string;
  /** Key of the chunk in the cache, where it lay until the import was published. */
  readonly cacheKey: string;
  /** First byte in the object, or in all of them in a row. */
  readonly offset: number;
  readonly bytes: number;
  readonly records: number;
  readonly firstPage: number;
  readonly lastPage: number;
  readonly crc32: string;
  /** SHA-256 of the page token that its first page was asked for with, hexadecimal; `null` for none. */
  readonly firstTokenDigest: string | null;
  /** SHA-256 of the page token that follows its last page, hexadecimal; `null` for none. */
  readonly nextTokenDigest: string | null;
  readonly ledger: LedgerSummary;
}

/** A chunk's pages in short. */
export interface LedgerSummary {
  readonly pages: number;
  readonly emptyPages: number;
  /** Records of its smallest page. */
  readonly leastRecords: number;
  /** Records of its largest page. */
  readonly mostRecords: number;
}

/** User metadata of the published objects and of their manifest, by which later imports know whose they are. */
export const ObjectMetadata = {
  IMPORT_ID: 'import-id',
  START_TIME: 'import-start-time',
} as const;

/**
 * The key of a manifest that is given none: beside one object, or among several. Its name begins with an underscore, by which Athena, Spark
 * and Hive tell that it holds no records.
 *
 * @param destinationKey may have placeholders and tokens: neither has a slash in it that is seen here
 */
export function manifestKey(destinationKey: string, layout: Layout = Layout.OBJECT): string {
  if (layout === Layout.PARTS) return `${destinationKey}_manifest.json`;
  const name = destinationKey.lastIndexOf('/') + 1;
  return `${destinationKey.slice(0, name)}_${destinationKey.slice(name)}${OBJECT_MANIFEST}`;
}

const OBJECT_MANIFEST = '.manifest.json';

/** Whether the key of an object has the name of an object's manifest. */
export function isNamedAsManifest(destinationKey: string): boolean {
  const name = destinationKey.slice(destinationKey.lastIndexOf('/') + 1);
  return name.startsWith('_') && name.endsWith(OBJECT_MANIFEST);
}

/** What the names of parts begin with. */
const PART_NAME = 'part-';

const PART_DIGITS = 8;

/** All parts lie below this key. */
export function partsPrefix(prefix: string): string {
  return `${prefix}${PART_NAME}`;
}

/** The key of a part, below its prefix. Numbers start at 0. */
export function partKey(prefix: string, number: number, extension: string): string {
  return `${partsPrefix(prefix)}${String(number).padStart(PART_DIGITS, '0')}.${extension}`;
}

/** The key of the records that an import publishes; of many parts that of the first one, all being of one length. */
export function recordsKey(destinationKey: string, output: Pick<OutputSettings, 'format' | 'compression' | 'layout'>): string {
  return output.layout === Layout.PARTS ? partKey(destinationKey, 0, fileExtension(output)) : destinationKey;
}
