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

export interface SourceBundle {
  /** Absolute paths of the bundled files. */
  readonly files: readonly string[];
  /** Names of the packages that must be available at run time. */
  readonly externals: readonly string[];
}

/** The public factory, for messages. */
export const WHERE = 'FetchPageHandler.fromEntry';

const EXTENSIONS = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx'];

/** What the module must export. */
export const REMEDY = 'export default a function of the request, or what defineSource returns: export default async ({ offset, pageSize }) => [...]';

/**
 * CommonJS packages inside an ES module still call `require`, and some read `__dirname`. The banner puts these on the global object.
 *
 * esbuild does not parse the banner, so a variable of the module may shadow any name that the banner uses: `URL` and `globalThis` have been
 * seen. So the banner declares nothing and uses only syntax: `import()` and `import.meta` cannot be shadowed, and `runInThisContext` does
 * not see the module's variables.
 */
const BANNER = '(await import(\'node:vm\')).runInThisContext(\'(values) => { for (const name in values) globalThis[name] ??= values[name]; }\')({ '
  + 'require: (await import(\'node:module\')).createRequire(import.meta.url), __filename: import.meta.filename, __dirname: import.meta.dirname });';

/**
 * The absolute path of a source module.
 *
 * @throws Error if there is no such file or it is not a module
 */
export function checkedEntry(entry: string): string {
  const file = path.resolve(entry);
  const refuse = (problem: string): Error => new Error(`${WHERE}: ${file} ${problem}`);
  if (/\.d\.[cm]?ts$/.test(file)) throw refuse('contains only type declarations; give the module that they describe instead');
  if (!EXTENSIONS.includes(path.extname(file))) throw refuse(`is not a TypeScript or JavaScript module; give a file that ends with one of ${EXTENSIONS.join(', ')} instead`);
  if (!fs.existsSync(file)) throw refuse('does not exist; give the path of the source module, best as path.join(__dirname, \'orders.source.ts\')');
  if (!fs.statSync(file).isFile()) throw refuse('is a folder; give the module in it instead');
  return file;
}

/**
 * Writes the fetch function's code into a folder: the user's bundled module, and next to it the prebuilt loop, which imports it.
 *
 * @param entry absolute path of the user's module
 * @throws Error if the module does not compile or link, has no default export or exports a class, or contains a package with native code
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

/** Copies the prebuilt loop, byte for byte, into a module's folder. */
export function addLoop(folder: string): void {
  fs.copyFileSync(path.join(bundleFolder(LambdaBundle.FETCH), BUNDLE_FILE), path.join(folder, BUNDLE_FILE));
}

/** Bundles packages by their `main`, as Node.js would load them, except those where that cannot work. */
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
      // Makes paths in the output relative to the module, not to a temporary folder, so that its hash is the same everywhere.
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
      // Errors are identified by name.
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
  return new Error(`${WHERE}: ${entry} cannot be bundled: ${sentence(reasons)} ${native ? NATIVE_REMEDY : 'Correct it, or name packages that are available at run '
    + 'time, in a layer, in the option external'}`, { cause: failure });
}

function describeMessage({ text, location }: BuildMessage): string {
  return location === null ? text : `${location.file}:${location.line}: ${text}`;
}

/** The bundle, not its source map. */
function moduleOf({ metafile }: BuildResult): MetafileOutput | undefined {
  return Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint !== undefined);
}

function externalsOf(result: BuildResult): string[] {
  const external = (moduleOf(result)?.imports ?? []).filter((each) => each.external === true && !isBuiltin(each.path));
  return [...new Set(external.flatMap((each) => /^(?:@[^/]+\/)?[^./][^/]*/.exec(each.path)?.[0] ?? []))];
}

/** Checks what esbuild does not: regular expressions, and the exports of modules outside the bundle. */
function checkLinks(entry: string, folder: string): void {
  const problem = linkProblem(folder);
  if (problem === undefined) return;
  throw new Error(`${WHERE}: ${entry} cannot be loaded: ${sentence(problem)} Node.js reports this before it runs the bundle: correct the module`);
}

function checkExports(entry: string, result: BuildResult): void {
  const exported = moduleOf(result)?.exports ?? [];
  if (exported.includes('default')) return checkNoClass(entry);
  const found = exported.length === 0 ? 'exports nothing' : `exports only ${exported.join(', ')}`;
  throw new Error(`${WHERE}: ${entry} has no default export (it ${found}); ${REMEDY}`);
}

function checkNoClass(entry: string): void {
  if (!exportsClass(findEsbuild(WHERE, entry), entry)) return;
  throw new Error(`${WHERE}: the default export of ${entry} is a class; export an instance of it: export default new Orders()`);
}

const NATIVE_REMEDY = 'Native code cannot be bundled: deploy the handler as a separate function, and use FetchPageHandler.fromFunction';

/** A package that is compiled on installation would be bundled without its binary, and would only fail at run time. */
function checkNativePackages(entry: string, { metafile }: BuildResult): void {
  const native = packagesOf(path.dirname(entry), Object.keys(metafile.inputs)).filter(({ folder }) => fs.existsSync(path.join(folder, 'binding.gyp')));
  if (native.length === 0) return;
  const names = native.map(({ name }) => name).join(', ');
  throw new Error(`${WHERE}: ${entry} uses ${names}, which needs a binary for its platform. ${NATIVE_REMEDY}`);
}
