import { ObjectTooLargeError } from '../../protocol/errors';
import { PART_MAX_BYTES, PART_MIN_BYTES, UPLOAD_PARTS } from '../../protocol/limits';
import { joinedCrc32 } from '../bytes/crc32';
import { LoggedChunk, WholeLog } from '../log/whole-log';

/** One part of an upload; its number is its place, from 1. */
export type PlannedPart = CopiedPart | GatheredPart | FoldedPart;

/** A chunk that S3 copies, or the rest of one whose first bytes are in the previous part. */
export interface CopiedPart extends PartSize {
  readonly kind: 'copied';
  readonly chunk: LoggedChunk;
  /**
   * First byte to copy.
   * @default - the whole chunk is copied
   */
  readonly offset?: number;
}

/** Small chunks that are read and uploaded. */
export interface GatheredPart extends PartSize {
  readonly kind: 'gathered';
  readonly chunks: readonly LoggedChunk[];
  /**
   * First bytes of the next chunk, to fill the part up.
   * @default - none
   */
  readonly head?: { readonly chunk: LoggedChunk; readonly bytes: number };
}

/** Chunks that S3 first joins in a cache object, and then copies from there. */
export interface FoldedPart extends Stretch {
  readonly kind: 'folded';
}

interface PartSize {
  readonly bytes: number;
  /** CRC32 of the part, base64; `undefined` if it cannot be combined from those of whole chunks. */
  readonly crc32: string | undefined;
}

/** Consecutive chunks, as parts of an upload. */
export interface Stretch {
  /** Index of its first chunk, from 0. */
  readonly first: number;
  /** Index of its last chunk. */
  readonly last: number;
  readonly parts: readonly PlannedPart[];
  readonly bytes: number;
  /** CRC32 of all bytes, base64. */
  readonly crc32: string;
}

/** How to assemble the published object. */
export interface PublishPlan {
  readonly parts: readonly PlannedPart[];
  readonly bytes: number;
  /** CRC32 of the whole object, base64. */
  readonly crc32: string;
}

/** Limits of multipart uploads. Tests use small ones, but at least four parts. */
export interface PartLimits {
  readonly minBytes: number;
  readonly maxParts: number;
  /**
   * Chunks are far smaller, since they are built in memory.
   * @default 5 GiB
   */
  readonly maxBytes?: number;
}

/** The limits of Amazon S3. */
export const S3_PART_LIMITS: PartLimits = { minBytes: PART_MIN_BYTES, maxParts: UPLOAD_PARTS, maxBytes: PART_MAX_BYTES };

/**
 * The plan is a pure function of the log, so every Persist of an import makes the same parts and the same folds.
 *
 * ```
 * chunks   [8 MiB][8 MiB][3][2][1][8 MiB][2][8 MiB][1]
 * parts    [copied]      [gathered]             [copied]      the last part of an upload may be small
 *                 [copied]        [folded: 8 + 2]      [copied]
 * ```
 *
 * - A chunk of the minimum part size or more is copied by S3.
 * - A run of smaller chunks is gathered, into parts of the minimum size or more.
 * - A run that stays too small joins the part before it, in a fold that is then copied.
 * - If no part is before it, it is filled up with the first bytes of the next chunk, and the rest of that chunk is copied. If the rest
 *   would be too small, that chunk (less than twice the minimum) is gathered too: at most once per import.
 * - If an upload would have too many parts, as many as needed are folded.
 *
 * @throws ObjectTooLargeError if the log is larger than an object can be
 */
export function planParts(log: Pick<WholeLog, 'importId' | 'chunks' | 'bytes'>, limits: PartLimits = S3_PART_LIMITS): PublishPlan {
  const stretches = fewEnough(stretchesOf(log.chunks, limits.minBytes), log, limits);
  return { parts: partsOf(stretches), bytes: log.bytes, crc32: joinedCrc32(stretches) };
}

/** The chunks as stretches, all but the last of the minimum size or more. */
function stretchesOf(chunks: readonly LoggedChunk[], minBytes: number): Stretch[] {
  const stretches: Stretch[] = [];
  let run: LoggedChunk[] = [];
  let runBytes = 0;
  const close = (stretch: Stretch): void => {
    stretches.push(stretch);
    [run, runBytes] = [[], 0];
  };
  for (const [place, chunk] of chunks.entries()) {
    const isAlone = chunk.bytes >= minBytes;
    if (isAlone && runBytes > 0 && stretches.length === 0) {
      close(beginning(run, chunk, minBytes));
      continue;
    }
    if (isAlone && runBytes > 0) close(ended(stretches.pop()!, run));
    run.push(chunk);
    runBytes += chunk.bytes;
    if (runBytes >= minBytes) close(stretchOf(run, place));
  }
  if (run.length > 0) close(stretchOf(run, chunks.length - 1));
  return stretches;
}

/** One chunk is copied, several are gathered. */
function stretchOf(chunks: readonly LoggedChunk[], last: number): Stretch {
  const size = { bytes: bytesOf(chunks), crc32: joinedCrc32(chunks) };
  const [only, ...others] = chunks;
  const part: PlannedPart = others.length === 0 ? { kind: 'copied', chunk: only!, ...size } : { kind: 'gathered', chunks, ...size };
  return { first: last - chunks.length + 1, last, parts: [part], ...size };
}

/** The first stretch, if the log begins with a run too small for a part. */
function beginning(run: readonly LoggedChunk[], chunk: LoggedChunk, minBytes: number): Stretch {
  const whole = stretchOf([...run, chunk], run.length);
  const bytes = minBytes - bytesOf(run);
  const rest = chunk.bytes - bytes;
  if (rest < minBytes) return whole;
  return {
    ...whole,
    parts: [
      { kind: 'gathered', chunks: run, head: { chunk, bytes }, bytes: minBytes, crc32: undefined },
      { kind: 'copied', chunk, offset: bytes, bytes: rest, crc32: undefined },
    ],
  };
}

/** A stretch with a run after it that is too small for a part. A gathered part takes it in. */
function ended(stretch: Stretch, run: readonly LoggedChunk[]): Stretch {
  const [part] = stretch.parts;
  const last = stretch.last + run.length;
  if (part!.kind === 'gathered' && part!.head === undefined) return stretchOf([...part!.chunks, ...run], last);
  return folded([stretch, stretchOf(run, last)]);
}

/** Folds as many stretches as needed to stay within the part limit, and folds the folds again if need be. */
function fewEnough(
  stretches: readonly Stretch[], { importId, chunks, bytes }: Pick<WholeLog, 'importId' | 'chunks' | 'bytes'>, limits: PartLimits,
): readonly Stretch[] {
  // Every group but the last is at least this large, so there are at most maxParts.
  const leastBytes = Math.ceil(bytes / (limits.maxParts - 1));
  let fewer = stretches;
  while (partsOf(fewer).length > limits.maxParts) {
    const folds = fewerOf(fewer, leastBytes, limits);
    // Even if the sum fits: stretches may not fill parts of the maximum size without gaps.
    if (folds.length === fewer.length) throw new ObjectTooLargeError(importId, bytes, chunks.length);
    fewer = folds;
  }
  if (bytes > limits.maxParts * mostBytes(limits)) throw new ObjectTooLargeError(importId, bytes, chunks.length);
  return fewer;
}

/** Folds groups of stretches, from the first one on, until the rest fits. */
function fewerOf(stretches: readonly Stretch[], leastBytes: number, limits: PartLimits): Stretch[] {
  let excess = partsOf(stretches).length - limits.maxParts;
  return groupsOf(stretches, leastBytes, limits).flatMap((group) => {
    if (excess <= 0 || group.length === 1) return group;
    excess -= partsOf(group).length - 1;
    return [folded(group)];
  });
}

function groupsOf(stretches: readonly Stretch[], leastBytes: number, limits: PartLimits): Stretch[][] {
  const groups: Stretch[][] = [];
  let bytes = Infinity;
  let parts = 0;
  for (const stretch of stretches) {
    const isFull = bytes + stretch.bytes > mostBytes(limits) || parts + stretch.parts.length > limits.maxParts;
    if (bytes >= leastBytes || isFull) {
      groups.push([]);
      [bytes, parts] = [0, 0];
    }
    groups.at(-1)!.push(stretch);
    bytes += stretch.bytes;
    parts += stretch.parts.length;
  }
  return groups;
}

function folded(stretches: readonly Stretch[]): Stretch {
  const fold: FoldedPart = {
    kind: 'folded',
    first: stretches[0]!.first,
    last: stretches.at(-1)!.last,
    parts: partsOf(stretches),
    bytes: bytesOf(stretches),
    crc32: joinedCrc32(stretches),
  };
  return { ...fold, parts: [fold] };
}

function partsOf(stretches: readonly Stretch[]): readonly PlannedPart[] {
  return stretches.flatMap(({ parts }) => parts);
}

function bytesOf(pieces: readonly { readonly bytes: number }[]): number {
  return pieces.reduce((sum, { bytes }) => sum + bytes, 0);
}

function mostBytes({ maxBytes = PART_MAX_BYTES }: PartLimits): number {
  return maxBytes;
}
