/** Fails when the tarball is not what should be published: too large, a file too many, or a file that another one of it needs missing. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './paths.mts';

const MAX_BYTES = 3_000_000;
const ALLOWED = /^(lib\/(?!runtime\/).*|assets\/[^/]+\/index\.mjs|schema\/[^/]+\.schema\.json|\.jsii|API\.md|README\.md|LICENSE|package\.json)$/;
const RELATIVE_IMPORT = /(?:from|import\(|require\()\s*['"](\.[^'"]+)['"]/g;

interface Packed {
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

async function pack(): Promise<Packed> {
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT, maxBuffer: 2 ** 26 });
  const [packed] = JSON.parse(stdout) as Packed[];
  return packed!;
}

async function findEntryPoints(): Promise<string[]> {
  const { exports, bin } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  const targets = [...Object.values(exports), ...Object.values(bin)].flatMap((target) => Object.values<string>(toObject(target)));
  return targets.map((target) => target.replace(/^\.\//, ''));
}

function toObject(target: unknown): Record<string, string> {
  return typeof target === 'string' ? { target } : (target as Record<string, string>);
}

/** The declarations of src/local may name types of src/runtime, which is not published. */
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

const { size, files } = await pack();
const paths = new Set(files.map(({ path }) => path));
const problems = [
  ...(size > MAX_BYTES ? [`${size} bytes packed; at most ${MAX_BYTES}`] : []),
  ...[...paths].filter((path) => !ALLOWED.test(path)).map((path) => `${path} should not be published`),
  ...(await findEntryPoints()).filter((path) => !paths.has(path)).map((path) => `package.json names ${path}, which is not in the tarball`),
  ...(await findMissingImports(paths)),
];
problems.forEach((problem) => console.error(problem));
console.log(`${paths.size} files, ${(size / 1000).toFixed(0)} KB packed`);
process.exitCode = problems.length > 0 ? 1 : 0;
