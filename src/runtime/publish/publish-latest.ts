import { FORMAT_VERSION } from '../../protocol/file-format';
import { LatestPointer } from '../../protocol/latest-pointer';
import { Outcome } from '../../protocol/machine-state';
import { resultOf } from './import-result';
import { Publication } from './publication';
import { publishFile } from './publish-file';

/** Points the key that readers look at to this import, unless a newer one stands there. Comes last: what it names must be there. */
export async function publishLatest(publication: Publication): Promise<void> {
  const { file: { output: { latestKey } } } = publication;
  if (latestKey !== undefined) await publishFile(latestKey, latestPointerOf(publication), publication);
}

function latestPointerOf(publication: Publication): LatestPointer {
  const { outcome: _, ...result } = resultOf(publication, Outcome.PUBLISHED);
  return { formatVersion: FORMAT_VERSION, startTime: publication.file.startTime, ...result };
}
