import { encodeFile, FORMAT_VERSION } from '../../protocol/file-format';
import { ImportFile } from '../../protocol/import-file';
import { ImportSummary, SummarizeRequest, SummaryState } from '../../protocol/import-summary';
import { ImportKeys } from '../../protocol/keys';
import { Series } from '../../protocol/series';
import { crc32Of } from '../bytes/crc32';
import { requireConfiguredDestination } from '../log/configured-destination';
import { openImport } from '../log/import-access';
import { readWholeLog, WholeLog } from '../log/whole-log';
import { ObjectStore } from '../ports/object-store';
import { World } from '../ports/ports';
import { warningsOf } from '../publish/import-warnings';
import { sampleRecords } from './record-samples';

/** What Summarize needs. */
export interface SummarizeTools {
  readonly cache: ObjectStore;
  readonly series: Series;
  readonly world: World;
}

/**
 * Summarizes a finished import for the states that may keep it from being published. Each summary has a key of its own, so it never changes
 * while it is being read. CleanUp deletes them all.
 *
 * @throws CommitLogError if the log is not complete
 */
export async function summarize(request: SummarizeRequest, { cache, series, world }: SummarizeTools): Promise<SummaryState> {
  const { importId } = request;
  const keys = new ImportKeys(series, importId);
  const file = await openImport(cache, keys, world.clock);
  requireConfiguredDestination(file, request);
  const log = await readWholeLog(cache, keys);
  const key = keys.summary(world.chance.uuid());
  const bytes = encodeFile(await importSummary(file, log, cache));
  await cache.write(key, [bytes], crc32Of(bytes));
  return {
    importId,
    pages: log.pages,
    records: log.records,
    bytes: log.bytes,
    summary: { bucket: cache.bucket, key },
    destination: file.destination,
  };
}

async function importSummary(file: ImportFile, log: WholeLog, cache: ObjectStore): Promise<ImportSummary> {
  return {
    formatVersion: FORMAT_VERSION,
    importId: file.importId,
    startTime: file.startTime,
    ...file.destination,
    pages: log.pages,
    records: log.records,
    bytes: log.bytes,
    ...log.sourceTotal === undefined ? {} : { sourceTotal: log.sourceTotal },
    warnings: warningsOf(log),
    samples: await sampleRecords(file, log, cache),
  };
}

