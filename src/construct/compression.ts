import { Compression as CompressionValue } from '../protocol/output-settings';

/** How what is published is compressed. */
export enum Compression {
  /** Not at all. */
  NONE = 'NONE',

  /**
   * By gzip, with `gzip` as the object's `Content-Encoding`. Records are compressed as they are fetched, so that the chunks in the cache
   * are smaller by as much.
   */
  GZIP = 'GZIP',
}

/** As imports keep it. */
export const COMPRESSION_VALUES: { readonly [compression in Compression]: CompressionValue } = {
  [Compression.NONE]: CompressionValue.NONE,
  [Compression.GZIP]: CompressionValue.GZIP,
};
