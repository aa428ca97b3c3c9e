import { readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { ROOT } from './paths.mts';
import { readBundles } from './third-party/bundles.mts';
import { licenseListProblems } from './third-party/license-list-problems.mts';
import { LICENSE_LIST } from './third-party/license-list.mts';

const MAX_BYTES = 3_000_000;
const ALLOWED = new RegExp(`^(?:${[
  'lib/(?!runtime/).*', 'assets/[^/]+/index\\.mjs', 'schema/[^/]+\\.schema\\.json', 'gallery/[^/]+\\.http\\.json', '\\.jsii', 'API\\.md', 'README\\.md', 'LICENSE',
  LICENSE_LIST, 'package\\.json',
].join('|')})$`);
const RELATIVE_IMPORT = /(?:from|import\(|require\()\s*['"](\.[^'"]+)['"]/g;

/** What npm says of a tarball. */
export interface Packed {
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

/** Why the tarball should not be published: it is too large, has an unexpected file, or lacks a file that another one needs. */
export async function packageProblems({ size, files }: Packed): Promise<string[]> {
  const paths = new Set(files.map(({ path }) => path));
  return [
    ...(size > MAX_BYTES ? [`${size} bytes packed; at most ${MAX_BYTES}`] : []),
    ...[...paths].filter((path) => !ALLOWED.test(path)).map((path) => `${path} should not be published`),
    ...(await findEntryPoints()).filter((path) => !paths.has(path)).map((path) => `package.json names ${path}, which is not in the tarball`),
    ...await findMissingImports(paths),
    ...licenseListProblems(paths, readBundles(), await readFile(join(ROOT, LICENSE_LIST), 'utf8').catch(() => '')),
  ];
}

async function findEntryPoints(): Promise<string[]> {
  const { exports, bin } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  const targets = [...Object.values(exports), ...Object.values(bin)].flatMap((target) => Object.values<string>(toObject(target)));
  return targets.map((target) => target.replace(/^\.\//, ''));
}

function toObject(target: unknown): Record<string, string> {
  return typeof target === 'string' ? { target } : (target as Record<string, string>);
}

/** Declarations of src/local may refer to types of src/runtime, which is not published. */
async function findMissingImports(paths: ReadonlySet<string>): Promise<string[]> {
  const declarations = [...paths].filter((path) => path.endsWith('.d.ts'));
  const missing = await Promise.all(declarations.map(async (path) => {
    const source = await readFile(join(ROOT, path), 'utf8');
    const targets = [...source.matchAll(RELATIVE_IMPORT)].map(([, target]) => posix.join(dirname(path), target!));
    return targets.filter((target) => !resolves(target, paths)).map((target) => `${path} needs ${target}, which is not in the tarball`);
  }));
  return missing.flat();
}

function resolves(target: string, paths: ReadonlySet<string>): boolean {
  return [`${target}.d.ts`, `${target.replace(/\.[jt]s$/, '')}.d.ts`, `${target}/index.d.ts`].some((path) => paths.has(path));
}
