import { PARTS_IN_FLIGHT } from '../../protocol/defaults';
import { IntegrityError } from '../../protocol/errors';
import { Outcome } from '../../protocol/machine-state';
import { partKey, partsPrefix } from '../../protocol/manifest';
import { fileExtension } from '../../protocol/output-settings';
import { crc32Of } from '../bytes/crc32';
import { requireEnded } from '../log/import-access';
import { LoggedChunk } from '../log/whole-log';
import { mapInOrder } from '../ports/in-order';
import { matches } from '../ports/matches';
import { CopyOutcome } from '../ports/object-store';
import { PartTime } from './part-time';
import { Ending, Publication } from './publication';
import { passGate, PublishRules } from './publish-gate';
import { recordProperties, standingOf } from './published-object';

/**
 * Makes each chunk an object of its own below the import's prefix. Nobody else writes there, so there is nothing to fence: readers wait for
 * the manifest, which comes when all parts are in place.
 *
 * ```
 * HEAD manifest -> ours: done -> newer: superseded
 *               -> none: the import may be published, or not
 * list          -> what an attempt before has put in place
 * copies        -> as many as are missing, by S3 itself
 * ```
 */
export async function publishParts(publication: Publication, rules: PublishRules): Promise<Ending> {
  const { file, destination, log: { chunks } } = publication;
  const standing = await standingOf(destination, file.destination.manifestKey, file);
  switch (standing.kind) {
    case 'ours': return { kind: Outcome.PUBLISHED, parts: chunks.length };
    case 'newer': return { kind: Outcome.SUPERSEDED, parts: 0 };
    case 'open': return passGate(publication, rules) === 'skip' ? { kind: Outcome.SKIPPED, parts: 0 } : copyParts(publication);
  }
}

async function copyParts(publication: Publication): Promise<Ending> {
  const { log: { chunks }, cache, keys, file } = publication;
  const copies = new PartCopies(publication, await partsInPlace(publication));
  let parts = 0;
  for await (const outcome of mapInOrder(chunks.entries(), PARTS_IN_FLIGHT, ([number, chunk]) => copies.put(number, chunk))) {
    if (outcome === 'out-of-time') return { kind: 'out-of-time', parts };
    if (outcome === 'source-gone') {
      await requireEnded(cache, keys, file.importId);
      return { kind: 'ended', parts };
    }
    parts += 1;
  }
  return { kind: Outcome.PUBLISHED, parts };
}

/** One listing, however many parts there are. */
async function partsInPlace({ file, destination }: Publication): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const key of destination.list(partsPrefix(file.destination.key))) found.add(key);
  return found;
}

/** Puts parts in place, each of which is a chunk as the log has it. */
class PartCopies {
  private readonly time: PartTime;
  private readonly extension: string;
  private started = 0;

  /** @param found keys of parts that are there */
  constructor(private readonly publication: Publication, private readonly found: ReadonlySet<string>) {
    this.time = new PartTime(publication.world);
    this.extension = fileExtension(publication.file.output);
  }

  public async put(number: number, chunk: LoggedChunk): Promise<'in-place' | 'source-gone' | 'out-of-time'> {
    const key = partKey(this.publication.file.destination.key, number, this.extension);
    if (this.found.has(key) && await this.isWhole(key, chunk)) return 'in-place';
    return this.time.spend(this.started++ === 0, async () => await this.copy(key, chunk) ? 'in-place' : 'source-gone');
  }

  private async isWhole(key: string, chunk: LoggedChunk): Promise<boolean> {
    return matches(await this.publication.destination.inspect(key, { checksum: true }), chunk);
  }

  /** Resolves with whether there was a chunk to copy. */
  private async copy(key: string, chunk: LoggedChunk): Promise<boolean> {
    const copied = await this.copyWithEtag(key, chunk, chunk.etag);
    if (copied === 'source-gone') return this.copyAsItIs(key, chunk);
    // A store without checksums is believed by the ETag: these are the bytes that it acknowledged.
    this.verify(key, chunk, copied.crc32 ?? chunk.crc32);
    return true;
  }

  /**
   * The client repeats the upload of a chunk whose reply is lost, and the first request may arrive last: with the same bytes, but where
   * the bucket is encrypted by KMS with an ETag of its own. Such a chunk is believed by its CRC32. A store that tells none has it read.
   */
  private async copyAsItIs(key: string, chunk: LoggedChunk): Promise<boolean> {
    const { cache } = this.publication;
    const source = await cache.inspect(chunk.key);
    const copied = source === undefined ? 'source-gone' : await this.copyWithEtag(key, chunk, source.etag);
    if (copied === 'source-gone') return false;
    this.verify(key, chunk, copied.crc32 ?? await this.checksumOfRead(chunk));
    return true;
  }

  private async checksumOfRead(chunk: LoggedChunk): Promise<string | undefined> {
    const bytes = await this.publication.cache.read(chunk.key);
    return bytes && crc32Of(bytes);
  }

  private copyWithEtag(key: string, { key: chunkKey, bytes }: LoggedChunk, etag: string): Promise<CopyOutcome> {
    const { file, cache, destination } = this.publication;
    return destination.copy(key, { bucket: cache.bucket, key: chunkKey, etag, bytes }, recordProperties(file));
  }

  private verify(key: string, chunk: LoggedChunk, copied: string | undefined): void {
    if (copied === chunk.crc32) return;
    throw new IntegrityError(this.publication.file, `the part ${key} has another CRC32 than the chunk ${chunk.key} had`);
  }
}
