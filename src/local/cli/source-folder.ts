import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { addLoop, bundleSource, checkedEntry, WHERE } from '../../construct/source/source-bundle';
import { SOURCE_MODULE_FILE } from '../../protocol/environment';
import { UsageError } from './usage-error';

/** The fetch function's code, with a user's module in it. */
export interface SourceFolder {
  /** The files that it is made of, as far as they are known. */
  readonly sources: readonly string[];
  /** What to do where Node.js cannot load the module by itself; absent where esbuild has bundled it. */
  readonly withoutEsbuild?: string;
}

/**
 * Writes the fetch function's code into a folder: bundled as for a deployment, if there is an esbuild; else the module is imported from
 * where it is, and Node.js removes its types.
 *
 * @throws UsageError where the file is no module; Error where it cannot be bundled
 */
export function writeSourceFolder(source: string, folder: string): SourceFolder {
  const entry = unlessRefused(() => checkedEntry(source), (problem) => new UsageError(problem));
  if (hasEsbuild(entry)) {
    return { sources: unlessRefused(() => bundleSource(entry, folder).files, (problem, cause) => new Error(problem, { cause })) };
  }
  // All of the module: one without a default export would not link, and the loop says what is wrong with it.
  writeFileSync(join(folder, SOURCE_MODULE_FILE), `export * as default from ${JSON.stringify(pathToFileURL(entry).href)};\n`);
  addLoop(folder);
  return { sources: [entry], withoutEsbuild: esbuildHint(entry) };
}

/** The constructs name the factory that the user of a command does not know. */
function unlessRefused<T>(work: () => T, refusal: (problem: string, cause: Error) => Error): T {
  try {
    return work();
  } catch (error) {
    const cause = error as Error;
    throw refusal(cause.message.replace(`${WHERE}: `, ''), cause);
  }
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

function esbuildHint(entry: string): string {
  return `esbuild, which bundles a source, is not installed for ${dirname(entry)}. Without it, Node.js loads the module as it is, and cannot `
    + 'load enums and imports without a file extension. Run "npm install --save-dev esbuild" in your project.';
}
