import { PublishConflictError, StoreUnavailableError } from '../../protocol/errors';
import { encodeFile, FORMAT_VERSION } from '../../protocol/file-format';
import { ImportFile } from '../../protocol/import-file';
import { Manifest, ManifestChunk, manifestKey, partKey } from '../../protocol/manifest';
import { contentType, fileExtension, FormatName, Layout } from '../../protocol/output-settings';
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
  const key = manifestKey(manifest.key, file.output.layout);
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
    layout: file.output.layout,
    format: file.output.format.name,
    compression: file.output.compression,
    contentType: contentType(file.output),
    ...columnsOf(file, log),
    pageSize: file.pageSize,
    pages: log.pages,
    records: log.records,
    bytes: log.bytes,
    crc32: plan.crc32,
    ...log.sourceTotal === undefined ? {} : { sourceTotal: log.sourceTotal },
    chunks: manifestChunks(file, log),
    packageVersion: file.packageVersion,
  };
}

function columnsOf({ output: { format } }: ImportFile, log: WholeLog): Pick<Manifest, 'columns'> {
  const columns = format.name === FormatName.CSV ? format.columns ?? log.columns : undefined;
  return columns === undefined ? {} : { columns };
}

function manifestChunks({ destination, output }: ImportFile, log: WholeLog): ManifestChunk[] {
  const extension = fileExtension(output);
  let offset = 0;
  return log.chunks.map(({ key: cacheKey, etag: _, ...chunk }, number) => {
    const key = output.layout === Layout.PARTS ? { key: partKey(destination.key, number, extension) } : {};
    const placed = { ...key, cacheKey, offset, ...chunk };
    offset += chunk.bytes;
    return placed;
  });
}
