import { Compression, UnknownColumns } from './choices';

/**
 * What an import publishes, and how. The state machine's definition passes it to Initialize, which fixes it in the import file, so that a
 * resumed import ends as it began.
 */
export interface OutputSettings {
  readonly format: FormatSettings;
  readonly compression: Compression;
  readonly layout: Layout;
  /** Tags of every published object. */
  readonly tags: readonly ObjectTag[];
  /** Storage class of the objects with records, as S3 names it. Absent for S3's default. */
  readonly storageClass?: string;
  /** Key of the pointer to the newest import, if there is one. */
  readonly latestKey?: string;
}

/** How records become bytes. */
export type FormatSettings = JsonLinesSettings | JsonArraySettings | CsvSettings;

/** `JSON.stringify(record) + "\n"` per record. */
export interface JsonLinesSettings {
  readonly name: typeof FormatName.JSON_LINES;
}

/** One JSON array of all records. */
export interface JsonArraySettings {
  readonly name: typeof FormatName.JSON_ARRAY;
}

/** A header line and one line per record. */
export interface CsvSettings {
  readonly name: typeof FormatName.CSV;
  /** Columns, in order. If absent, they are the fields of the import's first record. */
  readonly columns?: readonly string[];
  readonly unknownColumns: UnknownColumns;
}

/** Names of the formats, as written in the cache and in manifests. */
export const FormatName = {
  JSON_LINES: 'jsonl',
  JSON_ARRAY: 'json',
  CSV: 'csv',
} as const;
export type FormatName = typeof FormatName[keyof typeof FormatName];

/** How many objects are published. */
export const Layout = {
  /** One, with its manifest next to it. The destination's key is the object's key. */
  OBJECT: 'object',
  /**
   * One per chunk, each valid in its format by itself, with a manifest next to them. The destination's key is their prefix, with a trailing
   * slash.
   */
  PARTS: 'parts',
} as const;
export type Layout = typeof Layout[keyof typeof Layout];

/** A tag of an object. */
export interface ObjectTag {
  readonly key: string;
  readonly value: string;
}

/** The default output. */
export const DEFAULT_OUTPUT: OutputSettings = {
  format: { name: FormatName.JSON_LINES },
  compression: Compression.NONE,
  layout: Layout.OBJECT,
  tags: [],
};

/** What a file's extension depends on. */
export interface FileKind {
  readonly format: Pick<FormatSettings, 'name'>;
  readonly compression: Compression;
}

/** The extension, without the leading dot: `csv.gz`. */
export function fileExtension({ format, compression }: FileKind): string {
  return compression === Compression.GZIP ? `${format.name}.gz` : format.name;
}

const CONTENT_TYPES: { readonly [name in FormatName]: string } = {
  [FormatName.JSON_LINES]: 'application/jsonl',
  [FormatName.JSON_ARRAY]: 'application/json',
  [FormatName.CSV]: 'text/csv; charset=utf-8; header=present',
};

/** The media type of the published objects. */
export function contentType({ format }: Pick<OutputSettings, 'format'>): string {
  return CONTENT_TYPES[format.name];
}

/** `Content-Encoding` of the published objects; `undefined` for none. */
export function contentEncoding({ compression }: Pick<OutputSettings, 'compression'>): string | undefined {
  return compression === Compression.GZIP ? 'gzip' : undefined;
}
