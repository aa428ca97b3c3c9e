import { ImportContext, IntegrityError, StoreUnavailableError } from '../../protocol/errors';
import { ImportKeys } from '../../protocol/keys';
import { pauseBeforeAskingAgain } from '../ports/backoff';
import { CompleteOutcome, CopySource, ObjectStore, PartOutcome, UploadPart, UploadReference } from '../ports/object-store';
import { World } from '../ports/ports';
import { FoldedPart } from './publish-plan';

const ATTEMPTS = 10;

/** Why an upload is not filled. */
export type Stopped = Exclude<PartOutcome, UploadPart> | 'out-of-time';

/** What making a fold works with. */
export interface FoldTools {
  readonly file: ImportContext;
  readonly cache: ObjectStore;
  readonly keys: ImportKeys;
  readonly world: World;
  /** Puts the parts of the fold into an upload. */
  fill(upload: UploadReference): Promise<readonly UploadPart[] | Stopped>;
}

/**
 * The fold as the source of a copy, made if it is not there yet.
 *
 * ```
 * HEAD      -> there: whoever has made it, it holds the same bytes, since the key names the chunks and the log has their order
 * Create    -> parts -> Complete If-None-Match: *, with size and CRC32 -> HEAD
 *                       anything else than done: abort, HEAD again, since it was another attempt, or our own lost reply
 * ```
 *
 * Nothing says which upload makes a fold: it is small enough to be made anew. What an attempt leaves that dies is the cache lifecycle's.
 */
export async function makeFold(fold: FoldedPart, tools: FoldTools): Promise<Omit<CopySource, 'bucket'> | Stopped> {
  const { cache, file, keys, world } = tools;
  const key = keys.fold(fold.first, fold.last);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const there = await cache.inspect(key);
    if (there?.bytes === fold.bytes) return { key, etag: there.etag, bytes: fold.bytes };
    if (there !== undefined) throw new IntegrityError(file, `${key} has ${there.bytes} bytes, not those of its chunks, which are ${fold.bytes}`);
    const outcome = await tryToMake(fold, key, tools);
    if (outcome === 'corrupt') throw new IntegrityError(file, `S3 computed another size or CRC32 for ${key}`, { answer: cache.answerOf?.(key) });
    if (outcome === 'out-of-time' || outcome === 'source-gone') return outcome;
    if (outcome !== 'done') await pauseBeforeAskingAgain(attempt, world);
  }
  throw new StoreUnavailableError('joining chunks', cache.bucket, key, { answer: cache.answerOf?.(key) });
}

async function tryToMake(fold: FoldedPart, key: string, { cache, fill }: FoldTools): Promise<CompleteOutcome | Stopped> {
  const upload = { key, uploadId: await cache.createUpload(key, {}) };
  let outcome: CompleteOutcome | Stopped;
  try {
    const parts = await fill(upload);
    outcome = typeof parts === 'string' ? parts : await cache.completeUpload(upload, parts, fold, 'absent');
  } catch (error) {
    // The first failure is the one to be told.
    await cache.abortUpload(upload).catch(() => undefined);
    throw error;
  }
  if (outcome !== 'done') await cache.abortUpload(upload);
  return outcome;
}
