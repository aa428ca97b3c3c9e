import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { forgetBundles } from './forget-bundles.mts';
import { VERSION_DEFINITION } from './package-version.mts';
import { LIBRARY, METAFILES, ROOT, SOURCES } from './paths.mts';

const LOCAL_SOURCES = join(SOURCES, 'local');
const LOCAL_LIBRARY = join(LIBRARY, 'local');

const ENTRY = 'index.ts';

/** The file with the entry's code. */
const ENTRY_BUNDLE = 'bundle';

/** The layers that jsii compiles file by file. They are imported, not bundled, so that each class exists once per process. */
const COMPILED_BY_JSII = ['construct', 'protocol', 'source'];

const OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node22',
  // Not esm, since jest and plain require() must be able to load it.
  format: 'cjs',
  minify: true,
  // Node.js prints the source line of an uncaught error: a line with the whole bundle would bury the message.
  lineLimit: 400,
  // Retry and Catch match the name of an error's class.
  keepNames: true,
  legalComments: 'none',
  mainFields: ['module', 'main'],
  // These are the user's own: a second copy of aws-cdk-lib would not recognize constructs of the first.
  external: ['aws-cdk-lib', 'constructs', 'esbuild'],
  // fauxqs imports it needlessly; see the file.
  alias: { 'node:sqlite': './src/local/s3/no-sqlite.ts' },
  define: VERSION_DEFINITION,
  metafile: true,
} as const satisfies BuildOptions;

/** Turns an import of a file with its own output into an import of that output. */
function useOtherOutputs(entry: string): Plugin {
  const seen = Symbol('resolved without this plugin');
  return {
    name: 'use-other-outputs',
    setup({ onResolve, resolve }) {
      onResolve({ filter: /^\./ }, async ({ path, pluginData, ...rest }) => {
        if (pluginData === seen) return undefined;
        const found = await resolve(path, { ...rest, pluginData: seen });
        return hasOwnOutput(found.path, entry) ? { path: outputOf(found.path), external: true } : found;
      });
    },
  };
}

function hasOwnOutput(file: string, entry: string): boolean {
  if (dirname(file) === LOCAL_SOURCES) return basename(file) === ENTRY && entry !== ENTRY;
  const [layer] = relative(SOURCES, file).split(sep);
  return COMPILED_BY_JSII.includes(layer!);
}

/** Relative to lib/local, where all importing outputs are. */
function outputOf(file: string): string {
  const path = relative(LOCAL_SOURCES, file).replace(/\.ts$/, '.js').split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}

async function bundle(entry: string): Promise<void> {
  const name = entry === ENTRY ? ENTRY_BUNDLE : basename(entry, '.ts');
  const { metafile } = await build({
    ...OPTIONS,
    entryPoints: [join('src', 'local', entry)],
    outfile: join('lib', 'local', `${name}.js`),
    plugins: [useOtherOutputs(entry)],
  });
  await writeFile(join(METAFILES, `local-${name}.json`), JSON.stringify(metafile));
  const [output] = Object.values(metafile.outputs);
  console.log(`lib/local/${name}.js  ${(output!.bytes / 1000).toFixed(0)} KB`);
}

/**
 * Writes the file that users import: it re-exports the entry's names from the bundle. Node.js detects a CommonJS module's names in its
 * text, and in the bundle it would find some of the libraries' own.
 */
async function writeEntry(): Promise<void> {
  const entryPoints = [join('src', 'local', ENTRY)];
  const { metafile } = await build({ absWorkingDir: ROOT, entryPoints, format: 'esm', write: false, metafile: true });
  const names = Object.values(metafile.outputs)[0]!.exports.join(', ');
  const text = `'use strict';\nconst { ${names} } = require('./${ENTRY_BUNDLE}.js');\nmodule.exports = { ${names} };\n`;
  await writeFile(join(LOCAL_LIBRARY, 'index.js'), text);
}

/** Uses a temporary folder, since the compiler also writes the layers below, whose declarations come from jsii. */
async function writeDeclarations(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'declarations-'));
  try {
    const compiler = spawn('tsc', ['-p', 'tsconfig.local.json', '--outDir', folder], { cwd: ROOT, stdio: 'inherit' });
    const [code] = await once(compiler, 'close');
    if (code !== 0) throw new Error('The declarations of src/local do not compile: see the messages above.');
    await cp(join(folder, 'local'), LOCAL_LIBRARY, { recursive: true });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const entries = existsSync(LOCAL_SOURCES)
  ? (await readdir(LOCAL_SOURCES)).filter((file) => [ENTRY, 'cli.ts'].includes(file) || file.endsWith('.worker.ts'))
  : [];
await rm(LOCAL_LIBRARY, { recursive: true, force: true });
await forgetBundles('local-');
if (entries.length === 0) console.log('No src/local/index.ts: nothing to bundle.');
await Promise.all(entries.map(bundle));
if (entries.includes(ENTRY)) await Promise.all([writeEntry(), writeDeclarations()]);
if (entries.includes('cli.ts')) await chmod(join(LOCAL_LIBRARY, 'cli.js'), 0o755);
