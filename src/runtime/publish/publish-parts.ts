import { PARTS_IN_FLIGHT } from '../../protocol/defaults';
import { IntegrityError } from '../../protocol/errors';
import { Outcome } from '../../protocol/machine-state';
import { partKey, partsPrefix } from '../../protocol/manifest';
import { fileExtension } from '../../protocol/output-settings';
import { requireEnded } from '../log/import-access';
import { LoggedChunk } from '../log/whole-log';
import { mapInOrder } from '../ports/in-order';
import { matches } from '../ports/matches';
import { ChunkCopies } from './chunk-copies';
import { PartWork, Stopped } from './part-work';
import { Ending, Publication } from './publication';
import { passGate, PublishRules } from './publish-gate';
import { recordProperties, standingOf } from './published-object';

/**
 * Copies each chunk to an object of its own under the import's prefix. Nobody else writes there, so nothing needs fencing: readers wait for
 * the manifest, which is written when all parts are there.
 *
 * ```
 * HEAD manifest -> ours: done -> newer: superseded
 *               -> none: the gate
 * list          -> parts that an earlier attempt has copied
 * copies        -> the missing parts, by S3 itself
 * ```
 */
export async function publishParts(publication: Publication, rules: PublishRules): Promise<Ending> {
  const { file, log: { chunks } } = publication;
  const standing = await standingOf(file.destination.manifestKey, publication);
  switch (standing.kind) {
    case 'ours': return { kind: Outcome.PUBLISHED, parts: chunks.length };
    case 'newer': return { kind: Outcome.SUPERSEDED, parts: 0 };
    case 'open': return passGate(publication, rules) === 'skip' ? { kind: Outcome.SKIPPED, parts: 0 } : copyParts(publication);
  }
}

async function copyParts(publication: Publication): Promise<Ending> {
  const { log: { chunks }, cache, keys } = publication;
  const copies = new PartCopies(publication, await partsInPlace(publication));
  let parts = 0;
  for await (const outcome of mapInOrder(chunks.entries(), PARTS_IN_FLIGHT, ([number, chunk]) => copies.put(number, chunk))) {
    if (outcome === 'out-of-time') return { kind: 'out-of-time', parts };
    if (outcome !== 'in-place') {
      await requireEnded(cache, keys);
      return { kind: 'ended', parts };
    }
    parts += 1;
  }
  return { kind: Outcome.PUBLISHED, parts };
}

/** One listing instead of one request per part. */
async function partsInPlace({ file, destination }: Publication): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const key of destination.list(partsPrefix(file.destination.key))) found.add(key);
  return found;
}

/** Puts parts in place. Each is a chunk exactly as in the log. */
class PartCopies {
  private readonly work: PartWork<'copied'>;
  private readonly chunks: ChunkCopies;
  private readonly extension: string;

  /** @param found keys of existing parts */
  constructor(private readonly publication: Publication, private readonly found: ReadonlySet<string>) {
    this.work = new PartWork({ copied: PARTS_IN_FLIGHT }, publication.world);
    this.chunks = new ChunkCopies(publication);
    this.extension = fileExtension(publication.file.output);
  }

  public async put(number: number, chunk: LoggedChunk): Promise<'in-place' | Stopped> {
    const key = partKey(this.publication.file.destination.key, number, this.extension);
    if (this.found.has(key) && await this.isWhole(key, chunk)) return 'in-place';
    return this.work.inTime('copied', this.work.turn(), () => this.copy(key, chunk));
  }

  private async isWhole(key: string, chunk: LoggedChunk): Promise<boolean> {
    return matches(await this.publication.destination.inspect(key, { checksum: true }), chunk);
  }

  private async copy(key: string, chunk: LoggedChunk): Promise<'in-place' | 'source-gone'> {
    const { file, cache, destination } = this.publication;
    const { key: chunkKey, bytes, crc32 } = chunk;
    const copied = await this.chunks.copy(chunk, (etag) => (
      destination.copy(key, { bucket: cache.bucket, key: chunkKey, etag, bytes }, recordProperties(file))
    ));
    if (copied === 'source-gone') return copied;
    // Without a checksum, the ETag must do: it identifies the acknowledged bytes.
    if ((copied.crc32 ?? crc32) === crc32) return 'in-place';
    throw new IntegrityError(file, `the part ${key} has another CRC32 than the chunk ${chunkKey} had`);
  }
}
