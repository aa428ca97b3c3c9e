import { FORMAT_VERSION } from '../../protocol/file-format';
import { LatestPointer } from '../../protocol/latest-pointer';
import { Outcome } from '../../protocol/machine-state';
import { resultOf } from './import-result';
import { Publication } from './publication';
import { publishFile } from './publish-file';

/** Points `latestKey` to this import, unless it points to a newer one. Comes last: what it names must exist. */
export async function publishLatest(publication: Publication): Promise<void> {
  const { file: { output: { latestKey } } } = publication;
  if (latestKey !== undefined) await publishFile(latestKey, latestPointerOf(publication), publication);
}

function latestPointerOf(publication: Publication): LatestPointer {
  const { outcome: _, ...result } = resultOf(publication, Outcome.PUBLISHED);
  return { formatVersion: FORMAT_VERSION, startTime: publication.file.startTime, ...result };
}
