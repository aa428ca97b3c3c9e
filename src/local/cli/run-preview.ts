import { HTTP_TOOLS } from '../../source/http/http-tools';
import { estimateOf } from '../preview/estimate';
import { previewJson } from '../preview/preview-json';
import { previewText } from '../preview/preview-text';
import { PageReader } from '../preview/read-pages';
import { warningsOf } from '../preview/warnings';
import { visible } from '../visible';
import { ExitCode } from './exit-code';
import { Interruption } from './interruption';
import { PreviewArguments } from './preview-arguments';
import { readSettings } from './settings-file';

/** No further page is read, and no further record shown, once there are so many. */
const MOST_RECORDS = 100;

/** Characters of a line where there is no terminal. */
const PLAIN_WIDTH = 120;

/**
 * Reads the first pages of a source, and prints them. Resolves with the exit code.
 *
 * @throws UsageError if the settings cannot be read or are wrong
 */
export async function runPreview({ file, pages, pageSize, input, json }: PreviewArguments): Promise<ExitCode> {
  using interruption = new Interruption();
  const settings = readSettings(file);
  const request = { settings, pageSize, input, mostPages: pages, mostRecords: MOST_RECORDS, signal: interruption.signal };
  // What the engine logs on the way is in the preview itself.
  const preview = await new PageReader(request, { ...HTTP_TOOLS, log: () => {} }).read();
  if (interruption.exitCode !== undefined) return interruption.exitCode;
  const shown = { preview, estimate: estimateOf(settings, preview), warnings: warningsOf(settings, preview), mostRecords: MOST_RECORDS };
  if (json) console.log(previewJson(shown));
  else if (preview.pages.length > 0) console.log(previewText({ ...shown, width: process.stdout.columns ?? PLAIN_WIDTH }));
  if (preview.failed === undefined) return ExitCode.SUCCEEDED;
  if (!json) console.error(`The preview failed at page ${preview.failed.number}: ${visible(preview.failed.message)}`);
  return ExitCode.FAILED;
}
