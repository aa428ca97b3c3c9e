import * as fs from 'node:fs';
import * as path from 'node:path';
import { BuildResult } from './esbuild';

/**
 * Packages whose `main` no bundler can follow: it hands `require` on to a function, as the UMD modules of TypeScript do, and what that
 * function asks for is not bundled. Where such a package has a `module` as well, that is the way to bundle it.
 */

/** The message by which esbuild tells of such a file, and that it is wanted. It is no warning by default. */
export const TELL_INDIRECT_REQUIRE = { 'indirect-require': 'warning' };

/** Names of the packages, each with the file to bundle in place of its `main`. */
export function modulesOfUmdPackages(folder: string, { warnings, metafile }: BuildResult): { readonly [name: string]: string } {
  const indirect = warnings.filter(({ id }) => id in TELL_INDIRECT_REQUIRE).flatMap(({ location }) => location?.file ?? []);
  const bundled = packagesOf(folder, Object.keys(metafile.inputs));
  // A package is replaced by its name, in all of its versions: only where there is one.
  const isOnlyVersion = ({ name }: Package): boolean => bundled.filter((other) => other.name === name).length === 1;
  const modules = packagesOf(folder, indirect).filter(isOnlyVersion).flatMap((each) => moduleOf(each).map((file) => [each.name, file]));
  return Object.fromEntries(modules);
}

/** A package that is installed. */
export interface Package {
  readonly name: string;
  readonly folder: string;
}

/** The packages that files belong to, each once. Files of the user's own belong to none. */
export function packagesOf(folder: string, files: readonly string[]): Package[] {
  const packages = files.flatMap((file) => packageOf(path.resolve(folder, file)));
  return [...new Map(packages.map((each) => [each.folder, each])).values()];
}

function packageOf(file: string): Package[] {
  const match = /^.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)(?=[\\/])/.exec(file);
  return match === null ? [] : [{ name: match[1]!.replace('\\', '/'), folder: match[0] }];
}

/** A package with `exports` is resolved by those: its `module` counts for nothing. */
function moduleOf({ folder }: Package): string[] {
  const { module, exports } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as { readonly module?: string; readonly exports?: unknown };
  return module === undefined || exports !== undefined ? [] : [path.join(folder, module)];
}
