import { PARTS_IN_FLIGHT } from '../../protocol/defaults';
import { ImportContext, IntegrityError } from '../../protocol/errors';
import { ImportKeys } from '../../protocol/keys';
import { crcOf, EMPTY_CRC, encodeCrc32 } from '../bytes/crc32';
import { mapInOrder } from '../ports/in-order';
import { matches } from '../ports/matches';
import { CopySource, ObjectStore, PartOutcome, UploadPart, UploadReference } from '../ports/object-store';
import { World } from '../ports/ports';
import { ChunkCopies } from './chunk-copies';
import { makeFold } from './fold';
import { PartWork, Stopped, Turn } from './part-work';
import { CopiedPart, FoldedPart, GatheredPart, PlannedPart, PublishPlan } from './publish-plan';
import { notAsCommitted, readChunks } from './read-chunks';
import { NumberedUpload } from './upload-slot';

/** Parts read and uploaded at the same time: they are in memory, unlike those that S3 copies. */
const GATHERED_IN_FLIGHT = 4;

/** Folds made at the same time, each of many parts. When the invocation ends, unfinished ones are lost. */
const FOLDS_IN_FLIGHT = 8;

/** What `assemble` needs. */
export interface AssembleTools {
  readonly file: ImportContext;
  readonly cache: ObjectStore;
  readonly destination: ObjectStore;
  readonly keys: ImportKeys;
  readonly world: World;
}

/** All parts in order; how many are in place when time ran short; or why it cannot continue. */
export type Assembled =
  | { readonly kind: 'complete'; readonly parts: readonly UploadPart[] }
  | { readonly kind: 'out-of-time'; readonly parts: number }
  | { readonly kind: 'no-such-upload' }
  | { readonly kind: 'source-gone' };

/** Puts the plan's missing parts into the upload. The store says which parts are there, no matter who put them. */
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
  /** The fold that this upload makes. An unfinished fold is discarded. */
  readonly fold?: FoldedPart;
  /** Turn of that fold; in the import's own upload, each part has its own turn. */
  readonly turn?: Turn;
}

/** A part of an upload that is being filled. */
interface Place {
  readonly filling: Filling;
  readonly partNumber: number;
  readonly turn: Turn;
}

/** Puts parts in place, many at a time, including those of folds. */
class Assembly {
  private readonly work: PartWork<PlannedPart['kind']>;
  private readonly chunks: ChunkCopies;

  constructor(private readonly tools: AssembleTools) {
    this.work = new PartWork({ copied: PARTS_IN_FLIGHT, gathered: GATHERED_IN_FLIGHT, folded: FOLDS_IN_FLIGHT }, tools.world);
    this.chunks = new ChunkCopies(tools);
  }

  /** Resolves with the reason if it was stopped. */
  public async fill(filling: Filling, parts: readonly PlannedPart[]): Promise<Stopped | undefined> {
    const missing = [...parts.entries()].filter(([index, part]) => !matches(filling.inPlace.get(index + 1), part));
    for await (const outcome of mapInOrder(missing, PARTS_IN_FLIGHT, ([index, part]) => this.put(filling, index + 1, part))) {
      if (typeof outcome === 'string') return this.stop(filling, outcome);
    }
    return undefined;
  }

  /** What stops the upload also stops its folds; what stops a fold may concern only that fold. */
  private stop({ fold }: Filling, stopped: Stopped): Stopped {
    if (fold === undefined) this.work.stop(Promise.resolve(stopped));
    return stopped;
  }

  private async put(filling: Filling, partNumber: number, part: PlannedPart): Promise<PartOutcome | 'out-of-time'> {
    const turn = filling.turn ?? this.work.turn();
    try {
      const outcome = await this.outcomeOf(part, { filling, partNumber, turn });
      if (typeof outcome === 'string') return outcome;
      if (!matches(outcome, part)) throw new IntegrityError(this.tools.file, `part ${partNumber} has another size or CRC32 than its chunks`);
      filling.inPlace.set(partNumber, outcome);
      return outcome;
    } catch (error) {
      this.work.stop(Promise.reject(error as Error));
      throw error;
    }
  }

  private outcomeOf(part: PlannedPart, place: Place): Promise<PartOutcome | 'out-of-time'> {
    switch (part.kind) {
      case 'copied': return this.work.inLane(part.kind, place.turn, () => this.copyChunk(part, place));
      case 'gathered': return this.work.inLane(part.kind, place.turn, () => this.gather(part, place));
      case 'folded': return this.copyFold(part, place);
    }
  }

  private copyChunk({ chunk, bytes, offset }: CopiedPart, place: Place): Promise<PartOutcome> {
    return this.chunks.copy(chunk, (etag) => this.copy({ key: chunk.key, etag, bytes, offset }, place));
  }

  private copy(source: Omit<CopySource, 'bucket'>, { filling: { store, upload }, partNumber }: Place): Promise<PartOutcome> {
    return store.copyPart(upload, partNumber, { bucket: this.tools.cache.bucket, ...source });
  }

  private async gather({ chunks, head }: GatheredPart, place: Place): Promise<PartOutcome> {
    const pieces = await readChunks(chunks, this.tools);
    if (pieces === undefined) return 'source-gone';
    if (head === undefined) return this.write(pieces, place);
    // The log has no checksum for part of a chunk. The one of the whole object or fold covers it.
    const filler = await this.tools.cache.readRange(head.chunk.key, { offset: 0, bytes: head.bytes });
    if (filler === undefined) return 'source-gone';
    if (filler.byteLength !== head.bytes) throw notAsCommitted(head.chunk, this.tools.file);
    return this.write([...pieces, filler], place);
  }

  private write(pieces: readonly Uint8Array[], { filling: { store, upload }, partNumber }: Place): Promise<PartOutcome> {
    return store.writePart(upload, partNumber, pieces, encodeCrc32(pieces.reduce((crc, piece) => crcOf(piece, crc), EMPTY_CRC)));
  }

  private async copyFold(part: FoldedPart, place: Place): Promise<PartOutcome | 'out-of-time'> {
    const make = () => makeFold(part, { ...this.tools, fill: (upload) => this.fillFold(part, upload, place) });
    // A fold inside another takes no lane: the outer fold holds one.
    const source = await (place.filling.fold === undefined
      ? this.work.inLane(part.kind, place.turn, make)
      : this.work.inTime(part.kind, place.turn, make));
    if (typeof source === 'string') return source;
    return this.work.inLane('copied', place.turn, () => this.copy(source, place));
  }

  private async fillFold(fold: FoldedPart, upload: UploadReference, { turn }: Place): Promise<readonly UploadPart[] | Stopped> {
    const inPlace = new Map<number, UploadPart>();
    const stopped = await this.fill({ store: this.tools.cache, upload, inPlace, fold, turn }, fold.parts);
    return stopped ?? fold.parts.map((_, index) => inPlace.get(index + 1)!);
  }
}
