import { Compression, UnknownColumns } from './choices';

/**
 * What an import publishes, and how: given to Initialize by the state machine's definition, and fixed in the import's file from then on, so
 * that a resumed import ends as it began.
 */
export interface OutputSettings {
  readonly format: FormatSettings;
  readonly compression: Compression;
  readonly layout: Layout;
  /** Of every object that is published. */
  readonly tags: readonly ObjectTag[];
  /** Of the objects that hold records, as S3 names it. Absent for S3's own default. */
  readonly storageClass?: string;
  /** Key of the pointer to the newest import. Absent for none. */
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

/** A header line, and a line per record. */
export interface CsvSettings {
  readonly name: typeof FormatName.CSV;
  /** Columns in order. Absent: the fields of the import's first record. */
  readonly columns?: readonly string[];
  readonly unknownColumns: UnknownColumns;
}

/** Names of the formats, as files of the cache and manifests hold them. */
export const FormatName = {
  JSON_LINES: 'jsonl',
  JSON_ARRAY: 'json',
  CSV: 'csv',
} as const;
export type FormatName = typeof FormatName[keyof typeof FormatName];

/** How many objects are published. */
export const Layout = {
  /** One, with its manifest beside it. The destination's key is its key. */
  OBJECT: 'object',
  /**
   * One per chunk, each valid in its format by itself, with a manifest among them. The destination's key is their prefix, with a slash
   * at its end.
   */
  PARTS: 'parts',
} as const;
export type Layout = typeof Layout[keyof typeof Layout];

/** A tag of an object. */
export interface ObjectTag {
  readonly key: string;
  readonly value: string;
}

/** What imports publish unless the constructs are told otherwise. */
export const DEFAULT_OUTPUT: OutputSettings = {
  format: { name: FormatName.JSON_LINES },
  compression: Compression.NONE,
  layout: Layout.OBJECT,
  tags: [],
};

/** What a file's name tells of it. */
export interface FileKind {
  readonly format: Pick<FormatSettings, 'name'>;
  readonly compression: Compression;
}

/** The end of a file's name, without a dot before it: `csv.gz`. */
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
