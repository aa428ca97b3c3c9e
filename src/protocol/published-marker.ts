import { decodeFile } from './file-format';
import { ImportResult } from './machine-state';

/** `published.json`: the import has ended with this result. Written after object and manifest, before CleanUp. */
export interface PublishedMarker {
  readonly formatVersion: number;
  readonly importId: string;
  readonly result: ImportResult;
}

/** Reads a published marker; throws what `decodeFile` throws. */
export function decodePublishedMarker(key: string, bytes: Uint8Array): PublishedMarker {
  return decodeFile<PublishedMarker>(key, bytes, { importId: 'a string', result: 'an object' });
}
