import * as fs from 'node:fs';
import { isBuiltin } from 'node:module';
import * as path from 'node:path';
import { SOURCE_MODULE_FILE } from '../../protocol/environment';
import { sentence } from '../../protocol/sentence';
import { BUNDLE_FILE, bundleFolder, LambdaBundle } from '../bundles/lambda-bundle';
import { exportsClass } from './default-class';
import { BuildFailure, BuildMessage, BuildResult, findEsbuild, isBuildFailure, MetafileOutput } from './esbuild';
import { linkProblem } from './module-links';
import { modulesOfUmdPackages, packagesOf, TELL_INDIRECT_REQUIRE } from './umd-packages';

/** How a source module is bundled. */
export interface SourceBundleOptions {
  readonly external?: readonly string[];
  readonly define?: { readonly [expression: string]: string };
  readonly minify?: boolean;
  readonly sourceMap?: boolean;
}

/** A source module that was bundled. */
export interface SourceBundle {
  /** Absolute paths of the files that the bundle is made of. */
  readonly files: readonly string[];
  /** Names of the packages that must be there at run time. */
  readonly externals: readonly string[];
}

/** The factory that users know all this by. */
export const WHERE = 'FetchPageHandler.fromEntry';

const EXTENSIONS = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx'];

/** What the module must export. */
export const REMEDY = 'export default a function of the request, or what defineSource returns: export default async ({ offset, pageSize }) => [...]';

/**
 * CommonJS packages inside an ES module still call `require`, and some read `__dirname`: they find them on the global object.
 *
 * esbuild puts the banner before the code unread, so a variable of the module may have any name that the banner uses: `URL` and
 * `globalThis` have been seen. Therefore it declares nothing, and reaches everything by syntax alone: `import()` and `import.meta` cannot
 * be hidden, and `runInThisContext` sees none of the module's variables.
 */
const BANNER = '(await import(\'node:vm\')).runInThisContext(\'(values) => { for (const name in values) globalThis[name] ??= values[name]; }\')({ '
  + 'require: (await import(\'node:module\')).createRequire(import.meta.url), __filename: import.meta.filename, __dirname: import.meta.dirname });';

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
 * @throws Error when the module does not compile or link, has no default export or a class as such, or holds a package with native code
 */
export function bundleSource(entry: string, folder: string, options: SourceBundleOptions = {}): SourceBundle {
  const result = build(entry, options);
  checkExports(entry, result);
  checkNativePackages(entry, result);
  for (const { path: file, contents } of result.outputFiles) fs.writeFileSync(path.join(folder, path.basename(file)), contents);
  checkLinks(entry, folder);
  addLoop(folder);
  const files = Object.keys(result.metafile.inputs).map((file) => path.resolve(path.dirname(entry), file));
  return { files, externals: externalsOf(result) };
}

/** Copies the prebuilt loop, byte for byte, beside a module. */
export function addLoop(folder: string): void {
  fs.copyFileSync(path.join(bundleFolder(LambdaBundle.FETCH), BUNDLE_FILE), path.join(folder, BUNDLE_FILE));
}

/** Packages are bundled by their `main`, as Node.js would load them, but for those where that cannot work. */
function build(entry: string, options: SourceBundleOptions): BuildResult {
  const result = buildWith({}, entry, options);
  const alias = modulesOfUmdPackages(path.dirname(entry), result);
  return Object.keys(alias).length === 0 ? result : buildWith(alias, entry, options);
}

function buildWith(alias: { readonly [name: string]: string }, entry: string, options: SourceBundleOptions): BuildResult {
  const esbuild = findEsbuild(WHERE, entry);
  try {
    return esbuild.buildSync({
      entryPoints: [path.basename(entry)],
      // Paths in the output are relative to the module and not to a temporary folder, so that its hash is the same everywhere.
      absWorkingDir: path.dirname(entry),
      outfile: SOURCE_MODULE_FILE,
      write: false,
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      alias,
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
      logOverride: TELL_INDIRECT_REQUIRE,
    });
  } catch (error) {
    throw isBuildFailure(error) ? unbundled(entry, error) : error;
  }
}

function unbundled(entry: string, failure: BuildFailure): Error {
  const native = failure.errors.some(({ text }) => text.includes('".node" files'));
  const reasons = failure.errors.slice(0, 5).map(describeMessage).join('; ');
  return new Error(`${WHERE}: ${entry} cannot be bundled: ${sentence(reasons)} ${native ? NATIVE_REMEDY : 'Correct it, or name packages that are there at run '
    + 'time, in a layer, in the option external'}`, { cause: failure });
}

function describeMessage({ text, location }: BuildMessage): string {
  return location === null ? text : `${location.file}:${location.line}: ${text}`;
}

/** The bundle, and not its source map. */
function moduleOf({ metafile }: BuildResult): MetafileOutput | undefined {
  return Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint !== undefined);
}

function externalsOf(result: BuildResult): string[] {
  const external = (moduleOf(result)?.imports ?? []).filter((each) => each.external === true && !isBuiltin(each.path));
  return [...new Set(external.flatMap((each) => /^(?:@[^/]+\/)?[^./][^/]*/.exec(each.path)?.[0] ?? []))];
}

/** What esbuild takes as it is: regular expressions, and the names that modules outside of the bundle export. */
function checkLinks(entry: string, folder: string): void {
  const problem = linkProblem(folder);
  if (problem === undefined) return;
  throw new Error(`${WHERE}: ${entry} cannot be loaded: ${sentence(problem)} Node.js says this of the bundle before it runs it: correct the module`);
}

function checkExports(entry: string, result: BuildResult): void {
  const exported = moduleOf(result)?.exports ?? [];
  if (exported.includes('default')) return checkNoClass(entry);
  const found = exported.length === 0 ? 'exports nothing' : `exports only ${exported.join(', ')}`;
  throw new Error(`${WHERE}: ${entry} has no default export (it ${found}); ${REMEDY}`);
}

function checkNoClass(entry: string): void {
  if (!exportsClass(findEsbuild(WHERE, entry), entry)) return;
  throw new Error(`${WHERE}: the default export of ${entry} is a class; export an object made of it, as by export default new Orders()`);
}

const NATIVE_REMEDY = 'Native code cannot be bundled: deploy the handler as a function of its own, and use FetchPageHandler.fromFunction';

/** A package that is compiled on installation would be bundled without its binary, and fail at run time only. */
function checkNativePackages(entry: string, { metafile }: BuildResult): void {
  const native = packagesOf(path.dirname(entry), Object.keys(metafile.inputs)).filter(({ folder }) => fs.existsSync(path.join(folder, 'binding.gyp')));
  if (native.length === 0) return;
  const names = native.map(({ name }) => name).join(', ');
  throw new Error(`${WHERE}: ${entry} uses ${names}, which needs a binary for the machine that it is installed on. ${NATIVE_REMEDY}`);
}
