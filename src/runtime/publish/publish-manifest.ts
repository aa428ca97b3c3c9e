import { FORMAT_VERSION } from '../../protocol/file-format';
import { ImportFile } from '../../protocol/import-file';
import { Manifest, ManifestChunk, partKey } from '../../protocol/manifest';
import { contentType, fileExtension, FormatName, Layout } from '../../protocol/output-settings';
import { joinedCrc32 } from '../bytes/crc32';
import { WholeLog } from '../log/whole-log';
import { warningsOf } from './import-warnings';
import { Publication } from './publication';
import { publishFile } from './publish-file';
import { Standing } from './published-object';

/**
 * Writes the manifest, next to the object or the parts.
 *
 * @returns whose manifest is there afterwards
 */
export async function publishManifest(publication: Publication): Promise<Exclude<Standing['kind'], 'open'>> {
  return publishFile(publication.file.destination.manifestKey, manifestOf(publication), publication);
}

/** The manifest of an import: a pure function of its file and its log. */
export function manifestOf({ file, log }: Pick<Publication, 'file' | 'log'>): Manifest {
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
    crc32: joinedCrc32(log.chunks),
    ...log.sourceTotal === undefined ? {} : { sourceTotal: log.sourceTotal },
    warnings: warningsOf(log),
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
  return log.chunks.map(({ key: cacheKey, etag: _etag, firstRecordPage: _page, ...chunk }, number) => {
    const key = output.layout === Layout.PARTS ? { key: partKey(destination.key, number, extension) } : {};
    const placed = { ...key, cacheKey, offset, ...chunk };
    offset += chunk.bytes;
    return placed;
  });
}
