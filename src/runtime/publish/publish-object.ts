import { IntegrityCheck } from '../../protocol/choices';
import { PUT_AT_ONCE_BYTES } from '../../protocol/defaults';
import { IntegrityError } from '../../protocol/errors';
import { Outcome } from '../../protocol/machine-state';
import { readResult, requireEnded } from '../log/import-access';
import { CompleteOutcome, UploadPart, WriteCondition } from '../ports/object-store';
import { assemble } from './assemble';
import { Ending, Publication } from './publication';
import { passGate, PublishRules } from './publish-gate';
import { PartLimits, planParts, PublishPlan, S3_PART_LIMITS } from './publish-plan';
import { recordProperties, standingOf } from './published-object';
import { readChunks } from './read-chunks';
import { Unsettled, unsettledBy, untilPublished } from './until-published';
import { currentUpload, NumberedUpload } from './upload-slot';

/** How an object is assembled and checked. */
export interface AssemblyOptions {
  readonly integrityCheck: IntegrityCheck;
  /** @default - those of Amazon S3 */
  readonly partLimits?: PartLimits;
}

/**
 * Joins the log's chunks into one object at the destination. Readers see the old object or the whole new one, and an older import never
 * replaces a newer one's.
 *
 * ```
 * HEAD      -> ours: done     -> newer: superseded, replace nothing
 *           -> older or none: its ETag, or its absence, becomes the condition, if the gate lets the import pass
 * parts     -> copy the missing ones
 * Complete  -> under the condition. 412: HEAD again. Another writer was first, or our own reply was lost
 * ```
 *
 * A small object is a single PUT under the same condition.
 */
export async function publishObject(publication: Publication, options: PublishRules & AssemblyOptions): Promise<Ending> {
  const plan = planParts(publication.log, options.partLimits);
  const attempts = new ObjectPublication(publication, plan, options);
  return untilPublished(publication.file.destination.key, publication, () => attempts.attempt());
}

class ObjectPublication {
  /** Uploads up to this number cannot be used any more. */
  private lostUploads = 0;

  constructor(
    private readonly publication: Publication,
    private readonly plan: PublishPlan,
    private readonly options: PublishRules & AssemblyOptions,
  ) {}

  /** Looks at the destination, and continues from there. */
  public async attempt(): Promise<Ending | Unsettled> {
    const ending = await this.goOn();
    if (ending !== 'again' && ending !== 'unanswered') return ending;
    // The upload or the condition was lost, perhaps because another attempt has finished the import.
    return await readResult(this.publication.cache, this.publication.keys) === undefined ? ending : this.end('ended');
  }

  private async goOn(): Promise<Ending | Unsettled> {
    const { file } = this.publication;
    const standing = await standingOf(file.destination.key, this.publication);
    switch (standing.kind) {
      case 'ours': return this.end(Outcome.PUBLISHED);
      case 'newer': return this.end(Outcome.SUPERSEDED);
      case 'open': return passGate(this.publication, this.options) === 'skip' ? this.end(Outcome.SKIPPED) : this.publish(standing.condition);
    }
  }

  private async publish(condition: WriteCondition): Promise<Ending | Unsettled> {
    if (this.isSmall) return this.publishAtOnce(condition);
    const upload = await currentUpload(this.publication, this.lostUploads);
    const assembled = await assemble(this.plan, upload, this.publication);
    switch (assembled.kind) {
      case 'out-of-time': return assembled;
      case 'no-such-upload': return this.lose(upload);
      case 'source-gone': return this.endedOrDamaged();
      case 'complete': return this.settle(upload, await this.complete(upload, assembled.parts, condition));
    }
  }

  /**
   * Whether creating, recording and completing an upload would take longer than sending the data. Several chunks in one part pass through
   * the function anyway; S3 copies a single chunk, unless it is tiny. An empty object has no part to upload.
   */
  private get isSmall(): boolean {
    const { minBytes } = this.options.partLimits ?? S3_PART_LIMITS;
    const { bytes, parts: [part] } = this.plan;
    return bytes < minBytes && (part?.kind !== 'copied' || bytes <= PUT_AT_ONCE_BYTES);
  }

  /** The store checks the bytes it receives; `readChunks` has checked those it read. */
  private async publishAtOnce(condition: WriteCondition): Promise<Ending | Unsettled> {
    const { file, log: { chunks }, destination } = this.publication;
    const pieces = await readChunks(chunks, this.publication);
    if (pieces === undefined) return this.endedOrDamaged();
    const outcome = await destination.writeIf(file.destination.key, joined(pieces), condition, recordProperties(file));
    return outcome === 'done' ? this.end(Outcome.PUBLISHED) : unsettledBy(outcome);
  }

  private complete(upload: NumberedUpload, parts: readonly UploadPart[], condition: WriteCondition): Promise<CompleteOutcome> {
    const crc32 = this.options.integrityCheck === IntegrityCheck.FULL_OBJECT_CRC32 ? { crc32: this.plan.crc32 } : {};
    return this.publication.destination.completeUpload(upload, parts, { bytes: this.plan.bytes, ...crc32 }, condition);
  }

  private settle(upload: NumberedUpload, outcome: CompleteOutcome): Ending | Unsettled {
    switch (outcome) {
      case 'done': return this.end(Outcome.PUBLISHED);
      // Look again: at the destination (refused, unknown), or at the parts (invalid-part).
      case 'refused': case 'unknown': return unsettledBy(outcome);
      case 'invalid-part': return 'again';
      // After a conflict, S3 requires a new upload; one that is gone cannot be continued.
      case 'conflict': case 'no-such-upload': return this.lose(upload);
      case 'corrupt': throw this.corrupt();
    }
  }

  private corrupt(): IntegrityError {
    const { file, destination } = this.publication;
    return new IntegrityError(file, 'S3 computed another size or CRC32 for the whole', { answer: destination.answerOf?.(file.destination.key) });
  }

  private lose(upload: NumberedUpload): 'again' {
    this.lostUploads = upload.number;
    return 'again';
  }

  private async endedOrDamaged(): Promise<Ending> {
    const { cache, keys } = this.publication;
    await requireEnded(cache, keys);
    return this.end('ended');
  }

  private end(kind: Ending['kind']): Ending {
    return { kind, parts: this.plan.parts.length };
  }
}

/** Does not copy a single chunk, which is all that most small imports have. */
function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}
