import * as fs from 'node:fs';
import * as path from 'node:path';
import { SOURCE_MODULE_FILE } from '../protocol/environment';
import { sentence } from '../protocol/sentence';
import { BuildFailure, BuildMessage, BuildResult, findEsbuild, isBuildFailure } from './esbuild';
import { BUNDLE_FILE, bundleFolder, LambdaBundle } from './lambda-bundle';

/** How a source module is bundled. */
export interface SourceBundleOptions {
  readonly external?: readonly string[];
  readonly define?: { readonly [expression: string]: string };
  readonly minify?: boolean;
  readonly sourceMap?: boolean;
}

/** The factory that users know all this by. */
const WHERE = 'FetchPageHandler.fromEntry';

const EXTENSIONS = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx'];

/** What the module must export. */
const REMEDY = 'export default a function of the request, or what defineSource returns: export default async ({ offset, pageSize }) => [...]';

/**
 * CommonJS packages inside an ES module still call `require`, and some read `__dirname`. Set on the global object, these cannot
 * collide with a variable that the user's module declares.
 */
const BANNER = [
  'import { createRequire as createRequireOfBundle } from \'node:module\';',
  'import { fileURLToPath as fileOfBundle } from \'node:url\';',
  'globalThis.require ??= createRequireOfBundle(import.meta.url);',
  'globalThis.__filename ??= fileOfBundle(import.meta.url);',
  'globalThis.__dirname ??= fileOfBundle(new URL(\'.\', import.meta.url));',
].join('\n');

/**
 * The absolute path of a source module.
 *
 * @throws Error when there is no such file or it is no module
 */
export function checkedEntry(entry: string): string {
  const file = path.resolve(entry);
  const refuse = (problem: string): Error => new Error(`${WHERE}: ${file} ${problem}`);
  if (/\.d\.[cm]?ts$/.test(file)) throw refuse('holds type declarations only; give the module that they describe instead');
  if (!EXTENSIONS.includes(path.extname(file))) throw refuse(`is no TypeScript or JavaScript module; give a file that ends with one of ${EXTENSIONS.join(', ')} instead`);
  if (!fs.existsSync(file)) throw refuse('does not exist; give the path of the source module, best as path.join(__dirname, \'orders.source.ts\')');
  if (!fs.statSync(file).isFile()) throw refuse('is a folder; give the module in it instead');
  return file;
}

/**
 * Writes the fetch function's code into a folder: the user's module, bundled alone, and the prebuilt loop beside it, which imports it.
 *
 * @param entry absolute path of the user's module
 * @throws Error when the module does not compile, has no default export, or holds a package with native code
 */
export function bundleSource(entry: string, folder: string, options: SourceBundleOptions = {}): void {
  const result = build(entry, options);
  checkExports(entry, result);
  checkNativePackages(entry, result);
  for (const { path: file, contents } of result.outputFiles) fs.writeFileSync(path.join(folder, path.basename(file)), contents);
  addLoop(folder);
}

/** Copies the prebuilt loop, byte for byte, beside a module. */
export function addLoop(folder: string): void {
  fs.copyFileSync(path.join(bundleFolder(LambdaBundle.FETCH), BUNDLE_FILE), path.join(folder, BUNDLE_FILE));
}

function build(entry: string, options: SourceBundleOptions): BuildResult {
  const folder = path.dirname(entry);
  const esbuild = findEsbuild(WHERE, entry);
  try {
    return esbuild.buildSync({
      entryPoints: [path.basename(entry)],
      // Paths in the output are relative to the module and not to a temporary folder, so that its hash is the same everywhere.
      absWorkingDir: folder,
      outfile: SOURCE_MODULE_FILE,
      write: false,
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      mainFields: ['module', 'main'],
      banner: { js: BANNER },
      charset: 'utf8',
      legalComments: 'none',
      minify: options.minify ?? false,
      // Errors are told apart by their names.
      keepNames: options.minify ?? false,
      sourcemap: options.sourceMap ?? false,
      external: [...options.external ?? []],
      define: { ...options.define },
      metafile: true,
      logLevel: 'silent',
    });
  } catch (error) {
    throw isBuildFailure(error) ? unbundled(entry, error) : error;
  }
}

function unbundled(entry: string, failure: BuildFailure): Error {
  const native = failure.errors.some(({ text }) => text.includes('".node" files'));
  const reasons = failure.errors.slice(0, 5).map(describe).join('; ');
  return new Error(`${WHERE}: ${entry} cannot be bundled: ${sentence(reasons)} ${native ? NATIVE_REMEDY : 'Correct it, or name packages that are there at run '
    + 'time, in a layer, in the option external'}`, { cause: failure });
}

function describe({ text, location }: BuildMessage): string {
  return location === null ? text : `${location.file}:${location.line}: ${text}`;
}

function checkExports(entry: string, { metafile }: BuildResult): void {
  const exported = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint !== undefined)?.exports ?? [];
  if (exported.includes('default')) return;
  const found = exported.length === 0 ? 'exports nothing' : `exports only ${exported.join(', ')}`;
  throw new Error(`${WHERE}: ${entry} has no default export (it ${found}); ${REMEDY}`);
}

const NATIVE_REMEDY = 'Native code cannot be bundled: deploy the handler as a function of its own, and use FetchPageHandler.fromFunction';

/** A package that is compiled on installation would be bundled without its binary, and fail at run time only. */
function checkNativePackages(entry: string, { metafile }: BuildResult): void {
  const folder = path.dirname(entry);
  const packages = new Set(Object.keys(metafile.inputs).flatMap((input) => packageFolderOf(path.resolve(folder, input))));
  const native = [...packages].filter((packageFolder) => fs.existsSync(path.join(packageFolder, 'binding.gyp')));
  if (native.length === 0) return;
  const names = native.map((packageFolder) => packageFolder.split(`node_modules${path.sep}`).pop()).join(', ');
  throw new Error(`${WHERE}: ${entry} uses ${names}, which needs a binary for the machine that it is installed on. ${NATIVE_REMEDY}`);
}

/** The folder of the package that a file belongs to, or nothing for a file of the user's own. */
function packageFolderOf(file: string): string[] {
  const match = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(file);
  return match === null ? [] : [match[1]!];
}
