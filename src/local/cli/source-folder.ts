import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { addLoop, bundleSource, checkedEntry } from '../../construct/source-bundle';
import { SOURCE_MODULE_FILE } from '../../protocol/environment';

/**
 * The fetch function's code for a user's module, in a temporary folder: bundled as a deployment would, if there is an esbuild;
 * else imported from where it is, for which Node.js removes the types itself.
 */
export function sourceFolder(source: string): string {
  const entry = checkedEntry(source);
  const folder = mkdtempSync(join(tmpdir(), 'cdk-paginated-import-'));
  if (hasEsbuild(entry)) {
    bundleSource(entry, folder);
  } else {
    // All of the module: one without a default export would not link, and the loop says what is wrong with it.
    writeFileSync(join(folder, SOURCE_MODULE_FILE), `export * as default from ${JSON.stringify(pathToFileURL(entry).href)};\n`);
    addLoop(folder);
  }
  return folder;
}

function hasEsbuild(entry: string): boolean {
  return [entry, join(process.cwd(), 'noop.js')].some((file) => {
    try {
      createRequire(file).resolve('esbuild');
      return true;
    } catch {
      return false;
    }
  });
}
