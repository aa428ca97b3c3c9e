import { FORMAT_VERSION } from '../../src/protocol/file-format';
import { ImportFile } from '../../src/protocol/import-file';
import { DEFAULT_OUTPUT } from '../../src/protocol/output-settings';
import { askedPage } from '../../src/runtime/formats/asked-page';
import { SERIES } from './series';

/** The file of an import, for tests of what works within one. */
export const IMPORT_FILE: ImportFile = {
  formatVersion: FORMAT_VERSION,
  importId: 'import-1',
  series: SERIES.name,
  owner: SERIES.owner,
  executionArn: 'arn:aws:states:eu-central-1:123456789012:execution:orders:run-1',
  embedded: false,
  startTime: '2026-01-02T00:00:00.000Z',
  expiresAt: '2026-02-02T00:00:00.000Z',
  input: { a: 1 },
  pageSize: 2,
  destination: { bucket: 'destination-bucket', key: 'orders.jsonl', manifestKey: '_orders.jsonl.manifest.json' },
  output: DEFAULT_OUTPUT,
  packageVersion: '1.2.3',
};

/** One of its pages, from a source that knows only offsets. */
export const THIRD_PAGE = askedPage(IMPORT_FILE, { pageNumber: 3, pageToken: null, offset: 4 });
