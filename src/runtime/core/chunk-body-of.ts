import { Compression } from '../../protocol/choices';
import { ChunkBody } from './chunk-body';
import { GzipBody } from './gzip-body';
import { PlainBody } from './plain-body';
import { SegmentPool } from './segment-pool';

/** A body for a chunk of an import. */
export function chunkBodyOf(compression: Compression, pool: SegmentPool): ChunkBody {
  switch (compression) {
    case Compression.NONE: return new PlainBody(pool);
    case Compression.GZIP: return new GzipBody(pool);
  }
}
