import { Compression } from '../../protocol/choices';
import { SegmentPool } from '../bytes/segment-pool';
import { ChunkBody } from './chunk-body';
import { GzipBody } from './gzip-body';
import { PlainBody } from './plain-body';

/** A body for a chunk of an import. */
export function chunkBodyOf(compression: Compression, pool: SegmentPool): ChunkBody {
  switch (compression) {
    case Compression.NONE: return new PlainBody(pool);
    case Compression.GZIP: return new GzipBody(pool);
  }
}
