import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findEsbuild } from '../../construct/source/esbuild';
import { addLoop, bundleSource, checkedEntry, WHERE } from '../../construct/source/source-bundle';
import { SOURCE_MODULE_FILE } from '../../protocol/environment';
import { isSettingsFile, writeSettingsFolder } from './settings-file';
import { UsageError } from './usage-error';

/** The fetch function's code, including the user's module. */
export interface SourceFolder {
  /** Its source files, as far as known. */
  readonly sources: readonly string[];
  /** What to do if Node.js cannot load the module by itself; absent if esbuild bundled it. */
  readonly withoutEsbuild?: string;
}

/**
 * Writes the fetch function's code into a folder. A source without code is a file with its settings. If esbuild is installed, a module is
 * bundled as for a deployment. Otherwise it is imported from its place, and Node.js strips its types.
 *
 * @throws UsageError if the file is neither a module nor settings; Error if it cannot be bundled
 */
export function writeSourceFolder(source: string, folder: string): SourceFolder {
  if (isSettingsFile(source)) {
    writeSettingsFolder(source, folder);
    return { sources: [source] };
  }
  const entry = unlessRefused(() => checkedEntry(source), (problem) => new UsageError(problem));
  if (hasEsbuild(entry)) {
    return { sources: unlessRefused(() => bundleSource(entry, folder).files, (problem, cause) => new Error(problem, { cause })) };
  }
  // Imports the whole module: without a default export, a named import would not link. The loop reports the problem.
  writeFileSync(join(folder, SOURCE_MODULE_FILE), `export * as default from ${JSON.stringify(pathToFileURL(entry).href)};\n`);
  addLoop(folder);
  return { sources: [entry], withoutEsbuild: esbuildHint(entry) };
}

/** The constructs' messages name a factory that users of the command do not know. */
function unlessRefused<T>(work: () => T, refusal: (problem: string, cause: Error) => Error): T {
  try {
    return work();
  } catch (error) {
    const cause = error as Error;
    throw refusal(cause.message.replace(`${WHERE}: `, ''), cause);
  }
}

function hasEsbuild(entry: string): boolean {
  try {
    findEsbuild(WHERE, entry);
    return true;
  } catch {
    return false;
  }
}

function esbuildHint(entry: string): string {
  return `esbuild, which bundles a source, is not installed for ${dirname(entry)}. Without it, Node.js loads the module as it is, and cannot `
    + 'load enums and imports without a file extension. Run "npm install --save-dev esbuild" in your project.';
}
