/** `<key>.manifest.json`: what the published object beside it is made of. A pure function of import file and commit log. */
export interface Manifest {
  readonly formatVersion: number;
  readonly importId: string;
  readonly executionArn: string;
  /** Start of the import, ISO 8601 in UTC. */
  readonly startTime: string;
  readonly bucket: string;
  readonly key: string;
  readonly format: string;
  readonly pageSize: number;
  readonly pages: number;
  readonly records: number;
  readonly bytes: number;
  /** CRC32 of the whole object, base64 as S3 writes it. */
  readonly crc32: string;
  /** The source's own total; absent when it gave none. */
  readonly sourceTotal?: number;
  /** Where in the object each chunk came to lie, in order. */
  readonly chunks: readonly ManifestChunk[];
  readonly packageVersion: string;
}

/** One chunk's range in the published object. */
export interface ManifestChunk {
  /** First byte in the object. */
  readonly offset: number;
  readonly bytes: number;
  readonly records: number;
  readonly firstPage: number;
  readonly lastPage: number;
  readonly crc32: string;
}

/** User metadata of the published object and of its manifest, by which later imports know whose they are. */
export const ObjectMetadata = {
  IMPORT_ID: 'import-id',
  START_TIME: 'import-start-time',
} as const;

/** The manifest's key, beside the published object. */
export function manifestKey(destinationKey: string): string {
  return `${destinationKey}.manifest.json`;
}
