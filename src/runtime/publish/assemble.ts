import { PARTS_IN_FLIGHT } from '../../protocol/defaults';
import { ImportContext, IntegrityError } from '../../protocol/errors';
import { ImportKeys } from '../../protocol/keys';
import { crcOf, EMPTY_CRC, encodeCrc32 } from '../bytes/crc32';
import { Lanes, mapInOrder } from '../ports/in-order';
import { matches } from '../ports/matches';
import { CopySource, ObjectStore, PartOutcome, UploadPart, UploadReference } from '../ports/object-store';
import { World } from '../ports/ports';
import { makeFold, Stopped } from './fold';
import { PartTime } from './part-time';
import { CopiedPart, FoldedPart, GatheredPart, PlannedPart, PublishPlan } from './publish-plan';
import { notAsCommitted, readChunk, readChunks } from './read-chunks';
import { NumberedUpload } from './upload-slot';

/** Parts that are read and uploaded at the same time: they are in memory, unlike those that S3 copies. */
const GATHERED_IN_FLIGHT = 4;

/** Folds that are made at the same time, each of many parts. An invocation that ends leaves the work on so many undone. */
const FOLDS_IN_FLIGHT = 8;

/** What assembling works with. */
export interface AssembleTools {
  readonly file: ImportContext;
  readonly cache: ObjectStore;
  readonly destination: ObjectStore;
  readonly keys: ImportKeys;
  readonly world: World;
}

/** All parts in order, how many are in place when time ran short, or why it cannot go on. */
export type Assembled =
  | { readonly kind: 'complete'; readonly parts: readonly UploadPart[] }
  | { readonly kind: 'out-of-time'; readonly parts: number }
  | { readonly kind: 'no-such-upload' }
  | { readonly kind: 'source-gone' };

/** Puts the parts of the plan that are not there yet into the upload. What is there is the store's word, whoever put it there. */
export async function assemble(plan: PublishPlan, upload: NumberedUpload, tools: AssembleTools): Promise<Assembled> {
  const listed = upload.isNew ? [] : await tools.destination.listParts(upload);
  if (listed === undefined) return { kind: 'no-such-upload' };
  const inPlace = new Map(listed.map((part) => [part.partNumber, part]));
  const stopped = await new Assembly(tools).fill({ store: tools.destination, upload, inPlace }, plan.parts);
  if (stopped === 'out-of-time') return { kind: 'out-of-time', parts: inPlace.size };
  if (stopped !== undefined) return { kind: stopped };
  return { kind: 'complete', parts: plan.parts.map((_, index) => inPlace.get(index + 1)!) };
}

/** An upload that is being filled. */
interface Filling {
  readonly store: ObjectStore;
  readonly upload: UploadReference;
  /** By number. */
  readonly inPlace: Map<number, UploadPart>;
  /** The fold that it makes, of which nothing is kept unless it is made to its end. */
  readonly fold?: FoldedPart;
  /** Whether it is gone on with however little time is left. */
  readonly mustEnd?: boolean;
}

/** A part of an upload that is being filled. */
interface Place {
  readonly filling: Filling;
  readonly partNumber: number;
  readonly mustEnd: boolean;
}

/** Puts parts in place, many at a time, those of folds included. */
class Assembly {
  private readonly copies = new Lanes(PARTS_IN_FLIGHT);
  private readonly gatherings = new Lanes(GATHERED_IN_FLIGHT);
  private readonly folds = new Lanes(FOLDS_IN_FLIGHT);
  private readonly time: Readonly<Record<PlannedPart['kind'], PartTime>>;
  private started = 0;
  /** What all further parts come to, once one has failed or the upload cannot be filled: it throws, or says why. */
  private end?: () => Stopped;

  constructor(private readonly tools: AssembleTools) {
    const { world } = tools;
    this.time = { copied: new PartTime(world), gathered: new PartTime(world), folded: new PartTime(world) };
  }

  /** Resolves with what stopped it, if something did. */
  public async fill(filling: Filling, parts: readonly PlannedPart[]): Promise<Stopped | undefined> {
    const missing = [...parts.entries()].filter(([index, part]) => !matches(filling.inPlace.get(index + 1), part));
    for await (const outcome of mapInOrder(missing, PARTS_IN_FLIGHT, ([index, part]) => this.put(filling, index + 1, part))) {
      if (typeof outcome === 'string') return this.stop(filling, outcome);
    }
    return undefined;
  }

  /** What stops the upload stops the folds for it too; what stops one fold may be its own matter. */
  private stop({ fold }: Filling, stopped: Stopped): Stopped {
    if (fold === undefined) this.end ??= () => stopped;
    return stopped;
  }

  private async put(filling: Filling, partNumber: number, part: PlannedPart): Promise<PartOutcome | 'out-of-time'> {
    const mustEnd = filling.mustEnd ?? this.started++ === 0;
    try {
      const outcome = await this.outcomeOf(part, { filling, partNumber, mustEnd });
      if (typeof outcome === 'string') return outcome;
      if (!matches(outcome, part)) throw new IntegrityError(this.tools.file, `part ${partNumber} has another size or CRC32 than its chunks`);
      filling.inPlace.set(partNumber, outcome);
      return outcome;
    } catch (error) {
      this.end ??= () => { throw error; };
      throw error;
    }
  }

  private outcomeOf(part: PlannedPart, place: Place): Promise<PartOutcome | 'out-of-time'> {
    switch (part.kind) {
      case 'copied': return this.timed(this.copies, part, place, () => this.copyChunk(part, place));
      case 'gathered': return this.timed(this.gatherings, part, place, () => this.gather(part, place));
      case 'folded': return this.copyFold(part, place);
    }
  }

  /** Does the work as soon as a lane is free, if there is time for it then. */
  private timed<Outcome>(
    lanes: Lanes, { kind }: PlannedPart, { mustEnd }: Pick<Place, 'mustEnd'>, work: () => Promise<Outcome>,
  ): Promise<Outcome | Stopped> {
    return lanes.run(async () => this.end === undefined ? this.time[kind].spend(mustEnd, work) : this.end());
  }

  private async copyChunk(part: CopiedPart, place: Place): Promise<PartOutcome> {
    const { key, etag } = part.chunk;
    const outcome = await this.copy({ key, etag, bytes: part.bytes, offset: part.offset }, place);
    return outcome === 'source-gone' ? this.copyRepeated(part, place) : outcome;
  }

  /**
   * The client repeats the upload of a chunk whose reply is lost, and the first request may arrive last: with the same bytes, but where
   * the bucket is encrypted by KMS with an ETag of its own. Such a chunk is believed by its size and CRC32. Only where the store does not
   * tell its CRC32, it is read.
   */
  private async copyRepeated(part: CopiedPart, place: Place): Promise<PartOutcome> {
    const { chunk, bytes, offset } = part;
    const there = await this.tools.cache.inspect(chunk.key, { checksum: true });
    if (there === undefined) return 'source-gone';
    if (!matches(there, chunk)) throw notAsCommitted(chunk, this.tools.file);
    const isKnown = there.crc32 !== undefined;
    const outcome = isKnown ? await this.copy({ key: chunk.key, etag: there.etag, bytes, offset }, place) : 'source-gone';
    if (outcome !== 'source-gone') return outcome;
    return this.gatherings.run(async () => {
      const content = await readChunk(chunk, this.tools);
      return content === undefined ? 'source-gone' : this.write([content.subarray(offset)], place);
    });
  }

  private copy(source: Omit<CopySource, 'bucket'>, { filling: { store, upload }, partNumber }: Place): Promise<PartOutcome> {
    return store.copyPart(upload, partNumber, { bucket: this.tools.cache.bucket, ...source });
  }

  private async gather({ chunks, head }: GatheredPart, place: Place): Promise<PartOutcome> {
    const pieces = await readChunks(chunks, this.tools);
    if (pieces === undefined) return 'source-gone';
    if (head === undefined) return this.write(pieces, place);
    // What was read of a chunk has no checksum in the log. That of the whole object, or of the fold, covers it.
    const filler = await this.tools.cache.readRange(head.chunk.key, { offset: 0, bytes: head.bytes });
    if (filler === undefined) return 'source-gone';
    if (filler.byteLength !== head.bytes) throw notAsCommitted(head.chunk, this.tools.file);
    return this.write([...pieces, filler], place);
  }

  private write(pieces: readonly Uint8Array[], { filling: { store, upload }, partNumber }: Place): Promise<PartOutcome> {
    return store.writePart(upload, partNumber, pieces, encodeCrc32(pieces.reduce((crc, piece) => crcOf(piece, crc), EMPTY_CRC)));
  }

  private async copyFold(part: FoldedPart, place: Place): Promise<PartOutcome | 'out-of-time'> {
    // A fold inside of another one waits for no lane: that one has it.
    const lanes = place.filling.fold === undefined ? this.folds : new Lanes(1);
    const source = await this.timed(lanes, part, place, () => makeFold(part, {
      ...this.tools,
      fill: (upload) => this.fillFold(part, upload, place),
    }));
    if (typeof source === 'string') return source;
    return this.timed(this.copies, part, place, () => this.copy(source, place));
  }

  private async fillFold(fold: FoldedPart, upload: UploadReference, { mustEnd }: Place): Promise<readonly UploadPart[] | Stopped> {
    const inPlace = new Map<number, UploadPart>();
    const stopped = await this.fill({ store: this.tools.cache, upload, inPlace, fold, mustEnd }, fold.parts);
    return stopped ?? fold.parts.map((_, index) => inPlace.get(index + 1)!);
  }
}
