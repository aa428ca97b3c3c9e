import { PART_MIN_BYTES, UPLOAD_PARTS } from '../../protocol/limits';
import { combineCrc32, decodeCrc32, EMPTY_CRC32, encodeCrc32 } from './crc32';
import { LoggedChunk, WholeLog } from './whole-log';

/** One part of the published object. */
export interface PlannedPart {
  /** From 1. */
  readonly partNumber: number;
  /** The chunks in it, in order. One alone is copied by S3; several are read and uploaded. */
  readonly chunks: readonly LoggedChunk[];
  readonly bytes: number;
  /** CRC32 of the part, base64. */
  readonly crc32: string;
}

/** How the published object is put together. */
export interface PublishPlan {
  readonly parts: readonly PlannedPart[];
  readonly bytes: number;
  /** CRC32 of the whole object, base64. */
  readonly crc32: string;
}

/** The limits of multipart uploads. Tests make them small. */
export interface PartLimits {
  readonly minBytes: number;
  readonly maxParts: number;
}

/** The limits of Amazon S3. */
export const S3_PART_LIMITS: PartLimits = { minBytes: PART_MIN_BYTES, maxParts: UPLOAD_PARTS };

/**
 * The plan is a pure function of the log, so that every Persist of an import makes the same parts: a chunk of a part's least size
 * and more is copied by S3 itself, runs of smaller ones are gathered into a part, and such a run that stays too small takes the
 * chunk after it along, since only the last part may be small. The least size is S3's, or as much as it takes to stay within the
 * most parts of an upload.
 */
export function planParts(log: Pick<WholeLog, 'chunks' | 'bytes'>, limits: PartLimits = S3_PART_LIMITS): PublishPlan {
  // Every part but the last has this size or more, so there are at most maxParts of them.
  const leastBytes = Math.max(limits.minBytes, Math.ceil(log.bytes / (limits.maxParts - 1)));
  const parts = gather(log.chunks, leastBytes).map((chunks, index) => plannedPart(index + 1, chunks));
  return { parts, bytes: log.bytes, crc32: crc32Of(log.chunks) };
}

/** Whether S3 copies the part itself. A chunk is never larger than S3 can copy at once: it was built in memory. */
export function isCopied(part: PlannedPart): boolean {
  return part.chunks.length === 1;
}

function gather(chunks: readonly LoggedChunk[], leastBytes: number): LoggedChunk[][] {
  const groups: LoggedChunk[][] = [];
  let group: LoggedChunk[] = [];
  let bytes = 0;
  for (const chunk of chunks) {
    group.push(chunk);
    bytes += chunk.bytes;
    if (bytes < leastBytes) continue;
    groups.push(group);
    [group, bytes] = [[], 0];
  }
  if (group.length > 0) groups.push(group);
  return groups;
}

function plannedPart(partNumber: number, chunks: readonly LoggedChunk[]): PlannedPart {
  return { partNumber, chunks, bytes: chunks.reduce((sum, chunk) => sum + chunk.bytes, 0), crc32: crc32Of(chunks) };
}

function crc32Of(chunks: readonly LoggedChunk[]): string {
  return encodeCrc32(chunks.reduce((crc, chunk) => combineCrc32(crc, decodeCrc32(chunk.crc32), chunk.bytes), EMPTY_CRC32));
}
