import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { VERSION_DEFINITION } from './package-version.mts';
import { LIBRARY, METAFILES, ROOT, SOURCES } from './paths.mts';

const LOCAL_SOURCES = join(SOURCES, 'local');
const LOCAL_LIBRARY = join(LIBRARY, 'local');

const ENTRY = 'index.ts';

/** The file with the code of the entry. */
const ENTRY_BUNDLE = 'bundle';

/** The layers that jsii compiles file by file: used from there, so that each class exists once in a process. */
const COMPILED_BY_JSII = ['construct', 'protocol', 'source'];

const OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node22',
  // jest and plain require() must be able to load it, hence not esm.
  format: 'cjs',
  minify: true,
  // Node.js shows the line of an error that nobody catches: one of a whole bundle would bury the message.
  lineLimit: 400,
  // The name of an error's class is what Retry and Catch match.
  keepNames: true,
  legalComments: 'none',
  mainFields: ['module', 'main'],
  // The first three are the user's own; a second copy of aws-cdk-lib would not recognise the constructs of the first.
  external: ['aws-cdk-lib', 'constructs', 'esbuild'],
  // fauxqs imports it without need; see the file.
  alias: { 'node:sqlite': './src/local/s3/no-sqlite.ts' },
  define: VERSION_DEFINITION,
  metafile: true,
} as const satisfies BuildOptions;

/** Leaves an import of a file that has an output of its own as an import of that output. */
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

/** Seen from lib/local, where all importing outputs are. */
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
 * Writes what users import: the names that the entry exports, taken from the bundle. An import reads the names of a CommonJS module from
 * its text, and in the bundle's it would find some of the libraries' own.
 */
async function writeEntry(): Promise<void> {
  const entryPoints = [join('src', 'local', ENTRY)];
  const { metafile } = await build({ absWorkingDir: ROOT, entryPoints, format: 'esm', write: false, metafile: true });
  const names = Object.values(metafile.outputs)[0]!.exports.join(', ');
  const text = `'use strict';\nconst { ${names} } = require('./${ENTRY_BUNDLE}.js');\nmodule.exports = { ${names} };\n`;
  await writeFile(join(LOCAL_LIBRARY, 'index.js'), text);
}

/** By way of a temporary folder: the compiler also writes the layers below, whose declarations are jsii's to write. */
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
await mkdir(METAFILES, { recursive: true });
if (entries.length === 0) console.log('No src/local/index.ts: nothing to bundle.');
await Promise.all(entries.map(bundle));
if (entries.includes(ENTRY)) await Promise.all([writeEntry(), writeDeclarations()]);
if (entries.includes('cli.ts')) await chmod(join(LOCAL_LIBRARY, 'cli.js'), 0o755);
