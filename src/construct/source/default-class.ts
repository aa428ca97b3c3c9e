import * as fs from 'node:fs';
import * as path from 'node:path';
import { Esbuild } from './esbuild';

/** esbuild's loaders for extensions that are not loader names. */
const LOADERS: { readonly [extension: string]: string } = { mts: 'ts', cts: 'ts', mjs: 'js', cjs: 'js' };

/**
 * Whether a module says `export default class`. esbuild starts each statement on a new line and prints multi-line text as a one-line
 * string, so a match at the start of a line is a statement. Other ways to export a class show at run time.
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
    // Bundling reports the problem, with the project's own settings.
    return false;
  }
}
