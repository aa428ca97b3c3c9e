import { PARTS_IN_FLIGHT } from '../../protocol/defaults';
import { ImportContext, IntegrityError } from '../../protocol/errors';
import { ObjectStore, PartOutcome, UploadPart, UploadReference } from '../store/object-store';
import { crc32, encodeCrc32 } from './crc32';
import { mapInOrder } from './in-order';
import { World } from './ports';
import { isCopied, PlannedPart, PublishPlan } from './publish-plan';
import { LoggedChunk } from './whole-log';

/** Parts that are read and uploaded at the same time: they are in memory, unlike those that S3 copies. */
const UPLOADED_IN_FLIGHT = 4;

/** Chunks of one part that are read at the same time. */
const READS_IN_FLIGHT = 8;

/** Time that is kept for what comes after the last part, in milliseconds. */
const LEAST_RESERVE = 5000;

/** What assembling works with. */
export interface AssembleTools {
  readonly file: ImportContext;
  readonly cache: ObjectStore;
  readonly destination: ObjectStore;
  readonly world: World;
}

/** All parts in order, how many are in place when time ran short, or why it cannot go on. */
export type Assembled =
  | { readonly kind: 'complete'; readonly parts: readonly UploadPart[] }
  | { readonly kind: 'out-of-time'; readonly parts: number }
  | { readonly kind: 'no-such-upload' }
  | { readonly kind: 'source-gone' };

/** Puts the parts of the plan that are not there yet into the upload. What is there is the store's word, whoever put it there. */
export async function assemble(plan: PublishPlan, upload: UploadReference, tools: AssembleTools): Promise<Assembled> {
  const listed = await tools.destination.listParts(upload);
  if (listed === undefined) return { kind: 'no-such-upload' };
  const inPlace = new Map(listed.map((part) => [part.partNumber, part]));
  const isMissing = (part: PlannedPart): boolean => !matches(inPlace.get(part.partNumber), part);
  const work = new PartWork(upload, tools, inPlace);
  const stopped = await work.copyAll(plan.parts.filter((part) => isMissing(part) && isCopied(part)))
    ?? await work.gatherAll(plan.parts.filter(isMissing));
  if (stopped === 'out-of-time') return { kind: 'out-of-time', parts: inPlace.size };
  if (stopped !== undefined) return { kind: stopped };
  return { kind: 'complete', parts: plan.parts.map((part) => inPlace.get(part.partNumber)!) };
}

/** A part in place is what the plan says, as far as the store tells: a store without checksums is believed by its size. */
function matches(part: UploadPart | undefined, planned: PlannedPart): boolean {
  return part !== undefined && part.bytes === planned.bytes && (part.crc32 === undefined || part.crc32 === planned.crc32);
}

type Stopped = Exclude<PartOutcome, UploadPart> | 'out-of-time';

/** Puts parts in place, many at a time. Each of its methods resolves with what stopped it, if something did. */
class PartWork {
  private slowest = 0;
  private started = 0;

  constructor(
    private readonly upload: UploadReference,
    private readonly tools: AssembleTools,
    private readonly inPlace: Map<number, UploadPart>,
  ) {}

  /**
   * By S3 itself. Parts whose chunk is not there as it was are left out.
   *
   * The client repeats the upload of a chunk whose reply is lost, and the first request may arrive last: with the same bytes, but where
   * the bucket is encrypted by KMS with an ETag of its own. Such a chunk is left to be gathered, and believed by its size and CRC32.
   */
  public async copyAll(parts: readonly PlannedPart[]): Promise<Stopped | undefined> {
    for await (const outcome of mapInOrder(parts, PARTS_IN_FLIGHT, (part) => this.put(part, () => this.copy(part, part.chunks[0]!)))) {
      if (typeof outcome === 'string' && outcome !== 'source-gone') return outcome;
    }
    return undefined;
  }

  /** By reading and uploading: few at a time, since they are in memory. */
  public async gatherAll(parts: readonly PlannedPart[]): Promise<Stopped | undefined> {
    for await (const outcome of mapInOrder(parts, UPLOADED_IN_FLIGHT, (part) => this.put(part, () => this.gather(part)))) {
      if (typeof outcome === 'string') return outcome;
    }
    return undefined;
  }

  private async put(part: PlannedPart, work: () => Promise<PartOutcome>): Promise<Stopped | UploadPart> {
    const { clock, invocation } = this.tools.world;
    // The first one is tried however little time is left: an invocation that puts none in place would be repeated for ever.
    if (this.started++ > 0 && invocation.remainingMilliseconds() < LEAST_RESERVE + 2 * this.slowest) return 'out-of-time';
    const startedAt = clock.now();
    const outcome = await work();
    this.slowest = Math.max(this.slowest, clock.now() - startedAt);
    if (typeof outcome === 'string') return outcome;
    if (!matches(outcome, part)) throw new IntegrityError(this.tools.file, `part ${part.partNumber} has another size or CRC32 than its chunks`);
    this.inPlace.set(part.partNumber, outcome);
    return outcome;
  }

  private copy({ partNumber }: PlannedPart, { key, etag, bytes }: LoggedChunk): Promise<PartOutcome> {
    const { cache, destination } = this.tools;
    return destination.copyPart(this.upload, partNumber, { bucket: cache.bucket, key, etag, bytes });
  }

  private async gather(part: PlannedPart): Promise<PartOutcome> {
    const pieces: Uint8Array[] = [];
    for await (const bytes of mapInOrder(part.chunks, READS_IN_FLIGHT, (chunk) => this.read(chunk))) {
      if (bytes === undefined) return 'source-gone';
      pieces.push(bytes);
    }
    return this.tools.destination.writePart(this.upload, part.partNumber, pieces, part.crc32);
  }

  private async read(chunk: LoggedChunk): Promise<Uint8Array | undefined> {
    const bytes = await this.tools.cache.read(chunk.key);
    if (bytes !== undefined && (bytes.byteLength !== chunk.bytes || encodeCrc32(crc32(bytes)) !== chunk.crc32)) {
      throw new IntegrityError(this.tools.file, `the chunk ${chunk.key} is not what its commit record says`);
    }
    return bytes;
  }
}
