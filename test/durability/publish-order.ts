import { decodeImportFile } from '../../src/protocol/import-file';
import { LatestPointer } from '../../src/protocol/latest-pointer';
import { Outcome } from '../../src/protocol/machine-state';
import { Manifest } from '../../src/protocol/manifest';
import { decodePublishedMarker } from '../../src/protocol/published-marker';
import { crcOf, encodeCrc32 } from '../../src/runtime/bytes/crc32';
import { ObjectStore } from '../../src/runtime/ports/object-store';
import { Destination, isShared, Reader } from './destination';

/** An import, as far as it says which is newer. */
interface Started {
  readonly importId: string;
  readonly startTime: string;
}

/** Watches the order in which imports publish: what is named by something must be there before it, or something newer in its place. */
export class PublishOrder {
  /** What came too early. */
  public readonly disorder: string[] = [];

  constructor(private readonly destination: Destination, private readonly reader: Reader, private readonly cache: ObjectStore) {}

  /** Something was written to the destination. */
  public async noteWrite(key: string): Promise<void> {
    if (key === this.destination.output.latestKey) return this.noteLatest(key);
    if (key.endsWith('manifest.json')) await this.noteManifest(key);
  }

  /** A marker was written. */
  public async noteMarker(key: string, body: Uint8Array): Promise<void> {
    const { importId, result: { outcome, manifestKey } } = decodePublishedMarker(key, body);
    if (outcome !== Outcome.PUBLISHED) return;
    const fileKey = key.replace(/published\.json$/, 'import.json');
    const { startTime } = decodeImportFile(fileKey, (await this.cache.read(fileKey))!);
    const { latestKey } = this.destination.output;
    const isReplaced = (await this.reader.look(manifestKey)).importId !== importId;
    // What a newer import has replaced is not pointed to any more: the pointer is that one's business.
    for (const named of [manifestKey, ...latestKey === undefined || isReplaced ? [] : [latestKey]]) {
      if (!await this.stands(named, { importId, startTime })) this.disorder.push(`the marker of ${importId} came before ${named}`);
    }
  }

  private async noteManifest(key: string): Promise<void> {
    const { text } = await this.reader.look(key);
    const manifest = JSON.parse(text) as Manifest;
    const isThere = isShared(this.destination)
      ? await this.stands(manifest.key, manifest)
      : encodeCrc32(crcOf(Buffer.from(await this.reader.recordsOf({ key: manifest.key, manifestKey: key })))) === manifest.crc32;
    if (!isThere) this.disorder.push(`the manifest of ${manifest.importId} came before its records`);
  }

  private async noteLatest(key: string): Promise<void> {
    const pointer = JSON.parse((await this.reader.look(key)).text) as LatestPointer;
    if (!await this.stands(pointer.manifestKey, pointer)) this.disorder.push(`the pointer to ${pointer.importId} came before its manifest`);
  }

  /** Whether the import's own stands at the key, or a newer one's. */
  private async stands(key: string, { importId, startTime }: Started): Promise<boolean> {
    const found = await this.reader.look(key);
    return found.importId === importId || (found.startTime ?? '') >= startTime;
  }
}
