import { encodeFile, FORMAT_VERSION } from '../../protocol/file-format';
import { ImportFile } from '../../protocol/import-file';
import { ImportSummary, SummarizeRequest, SummaryState } from '../../protocol/import-summary';
import { ImportKeys } from '../../protocol/keys';
import { crc32Of } from '../bytes/crc32';
import { openImport } from '../log/import-access';
import { readWholeLog, WholeLog } from '../log/whole-log';
import { ObjectStore } from '../ports/object-store';
import { World } from '../ports/ports';
import { warningsOf } from '../publish/import-warnings';
import { sampleRecords } from './record-samples';

/** What Summarize works with. */
export interface SummarizeTools {
  readonly cache: ObjectStore;
  readonly cachePrefix: string;
  readonly world: World;
}

/**
 * Says what a finished import has, for the states that may keep it from being published. Each time under a key of its own: whoever has
 * been told of one summary can go on reading it, and CleanUp deletes them all.
 *
 * @throws CommitLogError for a log that is not whole
 */
export async function summarize({ importId }: SummarizeRequest, { cache, cachePrefix, world }: SummarizeTools): Promise<SummaryState> {
  const keys = new ImportKeys(cachePrefix, importId);
  const file = await openImport(cache, keys, importId, world.clock);
  const log = await readWholeLog(cache, keys, importId);
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

