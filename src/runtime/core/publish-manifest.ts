import { PublishConflictError, StoreUnavailableError } from '../../protocol/errors';
import { encodeFile, FORMAT_VERSION } from '../../protocol/file-format';
import { ImportFile } from '../../protocol/import-file';
import { Manifest, ManifestChunk, manifestKey } from '../../protocol/manifest';
import { ConditionalOutcome, ObjectStore } from '../store/object-store';
import { pauseBeforeAskingAgain } from './backoff';
import { World } from './ports';
import { PublishPlan } from './publish-plan';
import { metadataOf, Standing, standingOf } from './published-object';
import { WholeLog } from './whole-log';

const ATTEMPTS = 10;

/**
 * Puts the manifest beside the object. Like the object, it never replaces a newer import's.
 *
 * @returns whose manifest stands there then
 */
export async function publishManifest(
  manifest: Manifest, file: ImportFile, destination: ObjectStore, world: World,
): Promise<Exclude<Standing['kind'], 'open'>> {
  const key = manifestKey(manifest.key);
  const properties = { contentType: 'application/json', metadata: metadataOf(file) };
  let outcome: ConditionalOutcome | undefined;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const standing = await standingOf(destination, key, file);
    if (standing.kind !== 'open') return standing.kind;
    outcome = await destination.writeIf(key, encodeFile(manifest), standing.condition, properties);
    if (outcome === 'done') return 'ours';
    await pauseBeforeAskingAgain(attempt, world);
  }
  throw outcome === 'unknown'
    ? new StoreUnavailableError('publishing', destination.bucket, key)
    : new PublishConflictError(file, destination.bucket, key);
}

/** The manifest of an import: a pure function of its file and its log. */
export function manifestOf(file: ImportFile, log: WholeLog, plan: PublishPlan): Manifest {
  return {
    formatVersion: FORMAT_VERSION,
    importId: file.importId,
    executionArn: file.executionArn,
    startTime: file.startTime,
    bucket: file.destination.bucket,
    key: file.destination.key,
    format: file.format,
    pageSize: file.pageSize,
    pages: log.pages,
    records: log.records,
    bytes: log.bytes,
    crc32: plan.crc32,
    ...log.sourceTotal === undefined ? {} : { sourceTotal: log.sourceTotal },
    chunks: manifestChunks(log),
    packageVersion: file.packageVersion,
  };
}

function manifestChunks(log: WholeLog): ManifestChunk[] {
  let offset = 0;
  return log.chunks.map(({ bytes, records, firstPage, lastPage, crc32 }) => {
    const chunk = { offset, bytes, records, firstPage, lastPage, crc32 };
    offset += bytes;
    return chunk;
  });
}
