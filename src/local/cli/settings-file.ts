import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { addLoop } from '../../construct/source/source-bundle';
import { SOURCE_MODULE_FILE } from '../../protocol/environment';
import { checkHttpSettings } from '../../protocol/http-check/check-http-settings';
import { HttpSettings } from '../../protocol/http-settings';
import { UsageError } from './usage-error';

/** Beside the folder of this file, once it is compiled. */
const SOURCE_ENTRY = join(__dirname, '..', 'source', 'index.mjs');

/** Whether a source is a file with settings, and no module. */
export function isSettingsFile(source: string): boolean {
  return source.endsWith('.json');
}

/**
 * Writes the fetch function's code for a source without code into a folder.
 *
 * @throws UsageError if the file is not JSON, or a setting is wrong
 */
export function writeSettingsFolder(file: string, folder: string): void {
  const settings = readSettings(file);
  const lines = [
    `import { httpSource } from ${JSON.stringify(pathToFileURL(SOURCE_ENTRY).href)};`,
    `export default httpSource(${JSON.stringify(settings)});`,
  ];
  writeFileSync(join(folder, SOURCE_MODULE_FILE), `${lines.join('\n')}\n`);
  addLoop(folder);
}

/** @throws UsageError if the file is not JSON, or a setting is wrong */
export function readSettings(file: string): HttpSettings {
  try {
    // Editors find the schema by it.
    const { $schema: _, ...settings } = parsed(file) as { readonly $schema?: string };
    checkHttpSettings(file, settings);
    return settings;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}`);
  }
}
