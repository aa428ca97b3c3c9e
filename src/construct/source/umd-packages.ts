import * as fs from 'node:fs';
import * as path from 'node:path';
import { BuildResult } from './esbuild';

/**
 * Packages whose `main` no bundler can follow: it passes `require` to a function, like TypeScript's UMD modules, so what that function
 * requires is not bundled. If such a package also has a `module`, that file is bundled instead.
 */

/** Makes esbuild warn about such a file, which it does not do by default. */
export const TELL_INDIRECT_REQUIRE = { 'indirect-require': 'warning' };

/** Names of the packages, each with the file to bundle instead of its `main`. */
export function modulesOfUmdPackages(folder: string, { warnings, metafile }: BuildResult): { readonly [name: string]: string } {
  const indirect = warnings.filter(({ id }) => id in TELL_INDIRECT_REQUIRE).flatMap(({ location }) => location?.file ?? []);
  const bundled = packagesOf(folder, Object.keys(metafile.inputs));
  // An alias replaces all versions of a package, so it is only used if there is just one.
  const isOnlyVersion = ({ name }: Package): boolean => bundled.filter((other) => other.name === name).length === 1;
  const modules = packagesOf(folder, indirect).filter(isOnlyVersion).flatMap((each) => moduleOf(each).map((file) => [each.name, file]));
  return Object.fromEntries(modules);
}

export interface Package {
  readonly name: string;
  readonly folder: string;
}

/** The packages that files belong to, each once. The user's own files belong to none. */
export function packagesOf(folder: string, files: readonly string[]): Package[] {
  const packages = files.flatMap((file) => packageOf(path.resolve(folder, file)));
  return [...new Map(packages.map((each) => [each.folder, each])).values()];
}

function packageOf(file: string): Package[] {
  const match = /^.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)(?=[\\/])/.exec(file);
  return match === null ? [] : [{ name: match[1]!.replace('\\', '/'), folder: match[0] }];
}

/** A package with `exports` is resolved by these; its `module` is ignored. */
function moduleOf({ folder }: Package): string[] {
  const { module, exports } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as { readonly module?: string; readonly exports?: unknown };
  return module === undefined || exports !== undefined ? [] : [path.join(folder, module)];
}
