import { ImportContext, IntegrityError, StoreUnavailableError } from '../../protocol/errors';
import { ImportKeys } from '../../protocol/keys';
import { CompleteOutcome, CopySource, ObjectStore, UploadPart, UploadReference } from '../ports/object-store';
import { World } from '../ports/ports';
import { untilSettled } from '../ports/until-settled';
import { Stopped } from './part-work';
import { FoldedPart } from './publish-plan';

const ATTEMPTS = 10;

/** Several small chunks in one object, as the source of a copy. */
export type Fold = Omit<CopySource, 'bucket'>;

/** What `makeFold` needs. */
export interface FoldTools {
  readonly file: ImportContext;
  readonly cache: ObjectStore;
  readonly keys: ImportKeys;
  readonly world: World;
  /** Puts the parts of the fold into an upload. */
  fill(upload: UploadReference): Promise<readonly UploadPart[] | Stopped>;
}

/**
 * Returns the fold as the source of a copy, and makes it first if it is not there.
 *
 * ```
 * HEAD      -> there: use it. Every writer makes the same bytes: the key names the chunks, and the log has their order
 * Create    -> parts -> Complete If-None-Match: *, with size and CRC32 -> HEAD
 *                       otherwise: abort, HEAD again. Another attempt was first, or our own reply was lost
 * ```
 *
 * No file names the upload of a fold: it is small enough to be made again. If an attempt dies, the cache's lifecycle rule aborts its
 * upload.
 */
export async function makeFold(fold: FoldedPart, tools: FoldTools): Promise<Fold | Stopped> {
  const { cache, keys, world } = tools;
  const key = keys.fold(fold.first, fold.last);
  return untilSettled(async () => await foldAt(key, fold, tools) ?? await tryToMake(fold, key, tools), {
    attempts: ATTEMPTS,
    failure: () => new StoreUnavailableError('joining chunks', cache.bucket, key, { answer: cache.answerOf?.(key) }),
  }, world);
}

async function foldAt(key: string, { bytes }: FoldedPart, { cache, file }: FoldTools): Promise<Fold | undefined> {
  const there = await cache.inspect(key);
  if (there === undefined) return undefined;
  if (there.bytes !== bytes) throw new IntegrityError(file, `${key} has ${there.bytes} bytes, not those of its chunks, which are ${bytes}`);
  return { key, etag: there.etag, bytes };
}

/** Resolves with `undefined` if another attempt may have made the fold, or this one may have but got no reply. */
async function tryToMake(fold: FoldedPart, key: string, tools: FoldTools): Promise<Fold | Stopped | undefined> {
  const { cache, file } = tools;
  const outcome = await make(fold, key, tools);
  switch (outcome) {
    case 'corrupt': throw new IntegrityError(file, `S3 computed another size or CRC32 for ${key}`, { answer: cache.answerOf?.(key) });
    case 'out-of-time': case 'source-gone': return outcome;
    case 'done': return foldAt(key, fold, tools);
    default: return undefined;
  }
}

async function make(fold: FoldedPart, key: string, { cache, fill }: FoldTools): Promise<CompleteOutcome | Stopped> {
  const upload = { key, uploadId: await cache.createUpload(key, {}) };
  let outcome: CompleteOutcome | Stopped;
  try {
    const parts = await fill(upload);
    outcome = typeof parts === 'string' ? parts : await cache.completeUpload(upload, parts, fold, 'absent');
  } catch (error) {
    // Report the first failure, not that of the abort.
    await cache.abortUpload(upload).catch(() => undefined);
    throw error;
  }
  if (outcome !== 'done') await cache.abortUpload(upload);
  return outcome;
}
