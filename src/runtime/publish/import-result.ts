import { ImportResult, Outcome } from '../../protocol/machine-state';
import { joinedCrc32 } from '../bytes/crc32';
import { warningsOf } from './import-warnings';
import { Publication } from './publication';

/** The result of an import: a pure function of its file, its log and its outcome. */
export function resultOf({ file, log }: Pick<Publication, 'file' | 'log'>, outcome: Outcome): ImportResult {
  const { importId, destination: { bucket, key, manifestKey } } = file;
  const { records, pages, bytes, chunks } = log;
  return {
    importId, outcome, bucket, key, manifestKey, records, pages, bytes,
    crc32: joinedCrc32(chunks),
    warnings: warningsOf(log),
  };
}
