import { IntegrityCheck } from '../../protocol/environment';
import { CommitLogError, IntegrityError, PublishConflictError, StoreUnavailableError } from '../../protocol/errors';
import { Outcome } from '../../protocol/machine-state';
import { CompleteOutcome, ConditionalOutcome, WriteCondition } from '../store/object-store';
import { assemble } from './assemble';
import { pauseBeforeAskingAgain } from './backoff';
import { readResult } from './import-access';
import { PublishPlan } from './publish-plan';
import { standingOf } from './published-object';
import { abortUploads, currentUpload, NumberedUpload, UploadTools } from './upload-slot';

const ATTEMPTS = 10;

/** How publishing ended, or how many parts were in place when time ran short. `ended`: another attempt has finished the import. */
export type Ending =
  | { readonly kind: Outcome | 'ended' }
  | { readonly kind: 'out-of-time'; readonly parts: number };

/**
 * Makes the plan's object appear at the destination: readers see the old object or the whole new one, never an older import's
 * over a newer one's.
 *
 * ```
 * HEAD      -> ours: done     -> newer: superseded, nothing is replaced
 *           -> older or none: its ETag, or its absence, becomes the condition, if the import may be published
 * parts     -> as many as are missing, by copy
 * Complete  -> under the condition. 412: HEAD again, since it was another writer, or our own lost reply
 * ```
 */
export async function publishObject(plan: PublishPlan, tools: UploadTools, checks: PublishChecks): Promise<Ending> {
  const ending = await tryToPublish(new Publication(plan, tools, checks), tools);
  // Whoever has ended the import, and however: parts of an upload that nobody completes would be paid for until somebody finds them.
  if (ending.kind !== 'out-of-time') await abortUploads(tools);
  return ending;
}

/** What stands between a finished log and its readers. */
export interface PublishChecks {
  /** How the store checks the object. */
  readonly integrity: IntegrityCheck;
  /** Throws if the import must not be published. Not asked where its object stands already: nothing could be prevented any more. */
  gate(): void;
}

async function tryToPublish(publication: Publication, tools: UploadTools): Promise<Ending> {
  const { file, cache, destination, key, keys, world } = tools;
  let last: Unsettled = 'again';
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const ending = await publication.attempt();
    if (typeof ending !== 'string') return ending;
    last = ending;
    // The upload or the condition was lost, perhaps to an attempt that has finished the import meanwhile.
    if (await readResult(cache, keys) !== undefined) return { kind: 'ended' };
    await pauseBeforeAskingAgain(attempt, world);
  }
  throw last === 'unanswered'
    ? new StoreUnavailableError('publishing', destination.bucket, key)
    : new PublishConflictError(file, destination.bucket, key);
}

/** It must be looked at again: something was in the way, or the store did not say how it ended. */
type Unsettled = 'again' | 'unanswered';

class Publication {
  /** Uploads up to this number are of no use any more. */
  private lostUploads = 0;

  constructor(
    private readonly plan: PublishPlan,
    private readonly tools: UploadTools,
    private readonly checks: PublishChecks,
  ) {}

  public async attempt(): Promise<Ending | Unsettled> {
    const standing = await standingOf(this.tools.destination, this.tools.key, this.tools.file);
    switch (standing.kind) {
      case 'open':
        this.checks.gate();
        return this.publish(standing.condition);
      case 'ours': return { kind: Outcome.PUBLISHED };
      case 'newer': return { kind: Outcome.SUPERSEDED };
    }
  }

  private async publish(condition: WriteCondition): Promise<Ending | Unsettled> {
    if (this.plan.bytes === 0) return this.publishEmpty(condition);
    const upload = await currentUpload(this.tools, this.lostUploads);
    const assembled = await assemble(this.plan, upload, this.tools);
    switch (assembled.kind) {
      case 'out-of-time': return assembled;
      case 'no-such-upload': return this.lose(upload);
      case 'source-gone': return this.endedOrDamaged();
      case 'complete': return this.settle(upload, await this.complete(upload, assembled.parts, condition));
    }
  }

  /** An upload has at least one byte: an empty import is an object of its own. */
  private async publishEmpty(condition: WriteCondition): Promise<Ending | Unsettled> {
    const { destination, key, properties } = this.tools;
    const outcome: ConditionalOutcome = await destination.writeIf(key, new Uint8Array(), condition, properties);
    if (outcome === 'done') return { kind: Outcome.PUBLISHED };
    return outcome === 'unknown' ? 'unanswered' : 'again';
  }

  private complete(
    upload: NumberedUpload, parts: Parameters<UploadTools['destination']['completeUpload']>[1], condition: WriteCondition,
  ): Promise<CompleteOutcome> {
    const crc32 = this.checks.integrity === IntegrityCheck.FULL_OBJECT_CRC32 ? { crc32: this.plan.crc32 } : {};
    return this.tools.destination.completeUpload(upload, parts, { bytes: this.plan.bytes, ...crc32 }, condition);
  }

  private settle(upload: NumberedUpload, outcome: CompleteOutcome): Ending | Unsettled {
    switch (outcome) {
      case 'done': return { kind: Outcome.PUBLISHED };
      // Look again: at the destination (refused, unknown), or at the parts (invalid-part).
      case 'refused': case 'invalid-part': return 'again';
      case 'unknown': return 'unanswered';
      // S3 asks for a new upload after a conflicting operation, and there is no going on with one that is gone.
      case 'conflict': case 'no-such-upload': return this.lose(upload);
      case 'corrupt': throw new IntegrityError(this.tools.file, 'S3 computed another size or CRC32 for the whole');
    }
  }

  private lose(upload: NumberedUpload): 'again' {
    this.lostUploads = upload.number;
    return 'again';
  }

  /** Chunks are deleted only after the import has ended: then this attempt is merely late. */
  private async endedOrDamaged(): Promise<Ending> {
    const { file: { importId }, cache, keys } = this.tools;
    if (await readResult(cache, keys) !== undefined) return { kind: 'ended' };
    throw new CommitLogError(importId, 'a committed chunk is missing or was replaced');
  }
}
