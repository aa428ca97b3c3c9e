import { JsonValue } from '../../protocol/json';
import { CommandLine, requireOptionsOf } from './command-line';
import { executionInput } from './execution-input';
import { isSettingsFile } from './settings-file';
import { sourceFile } from './source-file';
import { UsageError } from './usage-error';
import { positiveInteger } from './values';

/** What the user asked `preview` for. */
export interface PreviewArguments {
  readonly command: 'preview';
  /** Absolute path of the settings. */
  readonly file: string;
  readonly pageSize: number;
  /** Pages to read at most. */
  readonly pages: number;
  readonly input: JsonValue;
  readonly json: boolean;
}

const DEFAULT_PAGE_SIZE = '20';
const DEFAULT_PAGES = '5';

/** @throws UsageError */
export function previewArguments(line: CommandLine, operands: readonly string[]): PreviewArguments {
  requireOptionsOf('preview', line);
  const file = sourceFile(operands, 'preview <settings file>');
  if (!isSettingsFile(file)) throw new UsageError(`${file} is a module, and preview shows sources without code; give their settings as a .http.json file, or write run`);
  return {
    command: 'preview',
    file,
    pageSize: positiveInteger('page-size', line.value('page-size') ?? DEFAULT_PAGE_SIZE),
    pages: positiveInteger('pages', line.value('pages') ?? DEFAULT_PAGES),
    input: executionInput(line.value('input')),
    json: line.has('json'),
  };
}
