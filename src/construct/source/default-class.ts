import * as fs from 'node:fs';
import * as path from 'node:path';
import { Esbuild } from './esbuild';

/** esbuild's loaders for extensions that are no loader's name. */
const LOADERS: { readonly [extension: string]: string } = { mts: 'ts', cts: 'ts', mjs: 'js', cjs: 'js' };

/**
 * Whether a module says `export default class`. esbuild prints each statement from the beginning of a line, and text in several lines as a
 * string in one: what stands there is the statement. Any other way to a class is left to the run time.
 */
export function exportsClass(esbuild: Esbuild, entry: string): boolean {
  const extension = path.extname(entry).slice(1);
  try {
    const { code } = esbuild.transformSync(fs.readFileSync(entry, 'utf8'), {
      loader: LOADERS[extension] ?? extension,
      target: 'esnext',
      supported: { 'template-literal': false },
      legalComments: 'none',
      logLevel: 'silent',
    });
    return /^export default class\b/m.test(code);
  } catch {
    // Bundling says what is wrong with it, with the project's own settings.
    return false;
  }
}
