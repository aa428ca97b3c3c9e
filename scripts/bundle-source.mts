import { glob, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { builtInsAsImports } from './built-ins-as-imports.mts';
import { forgetBundles } from './forget-bundles.mts';
import { LIBRARY, METAFILES, ROOT, SOURCES } from './paths.mts';

/**
 * Completes what jsii has compiled of `src/source`, the entry for handlers:
 *
 * - Files that use a package get that package's code, since this package has no dependencies.
 * - Each file gets an ES module beside it. esbuild drops unused ones from a handler's bundle, which it cannot do with CommonJS: a handler
 *   that makes its requests by itself would carry the engine for sources without code.
 */

const ENTRY_SOURCES = join(SOURCES, 'source');

const OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node22',
  keepNames: true,
  legalComments: 'none',
  mainFields: ['module', 'main'],
  metafile: true,
} as const satisfies BuildOptions;

/** Leaves other files of the entry where they are. Files of other layers are small, and are copied in. */
const KEEP_APART: Plugin = {
  name: 'keep-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ path, resolveDir, kind }) => {
      const file = resolve(resolveDir, path);
      const isOther = kind !== 'entry-point' && file.startsWith(`${ENTRY_SOURCES}/`);
      return isOther ? { path: `${relativePath(resolveDir, file)}.mjs`, external: true } : undefined;
    });
  },
};

function relativePath(from: string, to: string): string {
  const path = relative(from, to);
  return path.startsWith('.') ? path : `./${path}`;
}

async function filesOfEntry(): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob('**/*.ts', { cwd: ENTRY_SOURCES })) files.push(join(ENTRY_SOURCES, file));
  return files;
}

async function usesPackage(file: string): Promise<boolean> {
  return /from '(?!node:|\.)/.test(await readFile(file, 'utf8'));
}

async function writeMetafile(name: string, metafile: Metafile): Promise<void> {
  await writeFile(join(METAFILES, `source-${name}.json`), JSON.stringify(metafile));
}

await forgetBundles('source-');
const files = await filesOfEntry();
const uses = await Promise.all(files.map(usesPackage));
const withPackage = files.filter((_, index) => uses[index]);
const outdir = join(LIBRARY, 'source');
const outbase = ENTRY_SOURCES;
const commonJs = await build({ ...OPTIONS, entryPoints: withPackage, outdir, outbase, format: 'cjs' });
const modules = await build({
  ...OPTIONS, entryPoints: files, outdir, outbase, format: 'esm', outExtension: { '.js': '.mjs' }, plugins: [KEEP_APART, builtInsAsImports],
});
await Promise.all([writeMetafile('packages', commonJs.metafile), writeMetafile('modules', modules.metafile)]);
console.log(`lib/source: ${files.length} modules, ${withPackage.map((file) => relative(dirname(ENTRY_SOURCES), file)).join(' and ')} with their packages`);
