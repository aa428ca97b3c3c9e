import { ObjectTooLargeError } from '../../protocol/errors';
import { PART_MAX_BYTES, PART_MIN_BYTES, UPLOAD_PARTS } from '../../protocol/limits';
import { joinedCrc32 } from '../bytes/crc32';
import { LoggedChunk, WholeLog } from '../log/whole-log';

/** One part of an upload; its number is its place, from 1. */
export type PlannedPart = CopiedPart | GatheredPart | FoldedPart;

/** A chunk that S3 itself copies, or the rest of one whose first bytes stand in the part before it. */
export interface CopiedPart extends PartSize {
  readonly kind: 'copied';
  readonly chunk: LoggedChunk;
  /**
   * First byte that is copied.
   * @default - the whole chunk is copied
   */
  readonly offset?: number;
}

/** Small chunks that are read and uploaded. */
export interface GatheredPart extends PartSize {
  readonly kind: 'gathered';
  readonly chunks: readonly LoggedChunk[];
  /**
   * First bytes of the chunk after them, which fill the part up.
   * @default - none
   */
  readonly head?: { readonly chunk: LoggedChunk; readonly bytes: number };
}

/** Chunks that S3 joins first, in an object of the cache, from which it copies them. */
export interface FoldedPart extends Stretch {
  readonly kind: 'folded';
}

interface PartSize {
  readonly bytes: number;
  /** CRC32 of the part, base64; `undefined` where it does not follow from those of whole chunks. */
  readonly crc32: string | undefined;
}

/** Chunks in a row, as parts of an upload. */
export interface Stretch {
  /** Place of its first chunk among the chunks, from 0. */
  readonly first: number;
  /** Place of its last chunk. */
  readonly last: number;
  readonly parts: readonly PlannedPart[];
  readonly bytes: number;
  /** CRC32 of all bytes, base64. */
  readonly crc32: string;
}

/** How the published object is put together. */
export interface PublishPlan {
  readonly parts: readonly PlannedPart[];
  readonly bytes: number;
  /** CRC32 of the whole object, base64. */
  readonly crc32: string;
}

/** The limits of multipart uploads. Tests make them small, but for four parts at least. */
export interface PartLimits {
  readonly minBytes: number;
  readonly maxParts: number;
  /**
   * Chunks are far smaller: they were built in memory.
   * @default 5 GiB
   */
  readonly maxBytes?: number;
}

/** The limits of Amazon S3. */
export const S3_PART_LIMITS: PartLimits = { minBytes: PART_MIN_BYTES, maxParts: UPLOAD_PARTS, maxBytes: PART_MAX_BYTES };

/**
 * The plan is a pure function of the log, so that every Persist of an import makes the same parts, and the same folds.
 *
 * ```
 * chunks   [8 MiB][8 MiB][3][2][1][8 MiB][2][8 MiB][1]
 * parts    [copied]      [gathered]             [copied]      the last part of an upload may be small
 *                 [copied]        [folded: 8 + 2]      [copied]
 * ```
 *
 * - A chunk of a part's least size and more is copied by S3.
 * - A run of smaller ones is gathered, in parts of the least size and more.
 * - A run that stays too small ends the part before it: in a fold, of which it is the last part, and which is then copied.
 * - Where there is no part before it, it is filled up with the first bytes of the chunk after it, whose rest is copied. Only if that rest
 *   were too small the chunk is gathered too, of less than twice the least size: once in an import at most.
 * - More parts than an upload may have are folded, as many as it takes.
 *
 * @throws ObjectTooLargeError for more than an object may hold
 */
export function planParts(log: Pick<WholeLog, 'importId' | 'chunks' | 'bytes'>, limits: PartLimits = S3_PART_LIMITS): PublishPlan {
  const stretches = fewEnough(stretchesOf(log.chunks, limits.minBytes), log, limits);
  return { parts: partsOf(stretches), bytes: log.bytes, crc32: joinedCrc32(stretches) };
}

/** The chunks as stretches, each of the least size and more, but for the last one. */
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

/** A log that begins with a run that is too small for a part of its own. */
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

/** A stretch that ends with a run that is too small for a part of its own. What is gathered anyway takes it in. */
function ended(stretch: Stretch, run: readonly LoggedChunk[]): Stretch {
  const [part] = stretch.parts;
  const last = stretch.last + run.length;
  if (part!.kind === 'gathered' && part!.head === undefined) return stretchOf([...part!.chunks, ...run], last);
  return folded([stretch, stretchOf(run, last)]);
}

/** Folds as many stretches as it takes to stay within the parts of an upload, and the folds again if need be. */
function fewEnough(
  stretches: readonly Stretch[], { importId, chunks, bytes }: Pick<WholeLog, 'importId' | 'chunks' | 'bytes'>, limits: PartLimits,
): readonly Stretch[] {
  // Every group but the last has this size or more, so there are at most maxParts of them.
  const leastBytes = Math.ceil(bytes / (limits.maxParts - 1));
  let fewer = stretches;
  while (partsOf(fewer).length > limits.maxParts) {
    const folds = fewerOf(fewer, leastBytes, limits);
    // Not by their sum alone: stretches may not go into parts of the largest size without a gap.
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
