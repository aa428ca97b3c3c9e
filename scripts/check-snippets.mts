/**
 * Compiles all TypeScript snippets of the Markdown files and docstrings in one compiler run.
 *
 * Each snippet is a module. One that begins with "```ts fixture=stack" is put into rosetta/stack.ts-fixture, with its imports at the top.
 * (The fixtures are jsii-rosetta's. jsii-rosetta itself refuses modules with a default export, and does not read docstrings outside the
 * jsii assembly.)
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './paths.mts';

/** Inside the repository, so that node_modules is found. */
const FOLDER = join(ROOT, '.snippets');
const FENCED = /^```(?:ts|typescript)(?: +fixture=(\w+))? *\n([\s\S]*?)^```/gm;
const DOCSTRING = /\/\*\*[\s\S]*?\*\//g;
const EXAMPLE = /@example\b.*\n([\s\S]*?)(?=\n@\w|$(?![\s\S]))/g;
const IMPORT = /^import [^;]*;/gm;

interface Snippet {
  /** Path relative to the root. */
  readonly file: string;
  /** Number of its first line in the file, from 1. */
  readonly line: number;
  readonly fixture?: string;
  readonly code: string;
}

async function readSnippets(): Promise<Snippet[]> {
  const markdown = globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT }).filter((file) => file !== 'API.md');
  const sources = globSync('src/**/*.ts', { cwd: ROOT });
  const all = await Promise.all([
    ...markdown.map(async (file) => snippetsOf(file, await readFile(join(ROOT, file), 'utf8'))),
    ...sources.map(async (file) => snippetsOfDocstrings(file, await readFile(join(ROOT, file), 'utf8'))),
  ]);
  return all.flat();
}

function snippetsOf(file: string, text: string, firstLine = 1): Snippet[] {
  return [...text.matchAll(FENCED)].map(({ index, 1: fixture, 2: code }) => (
    { file, line: firstLine + linesIn(text.slice(0, index)) + 1, fixture, code: code! }
  ));
}

function snippetsOfDocstrings(file: string, text: string): Snippet[] {
  return [...text.matchAll(DOCSTRING)].flatMap(({ 0: comment, index }) => {
    const plain = comment.replace(/\*\/$/, '').replace(/^[ \t]*(?:\/\*\*|\* ?)/gm, '');
    const line = 1 + linesIn(text.slice(0, index));
    return [...examplesOf(file, plain, line), ...snippetsOf(file, plain, line)];
  });
}

/** Examples that are only code, as in jsii. */
function examplesOf(file: string, text: string, firstLine: number): Snippet[] {
  return [...text.matchAll(EXAMPLE)]
    .filter(({ 1: code }) => !code!.includes('```'))
    .map(({ index, 1: code }) => ({ file, line: firstLine + linesIn(text.slice(0, index)) + 1, code: code! }));
}

function linesIn(text: string): number {
  return text.split('\n').length - 1;
}

/** Written so that the compiler's line numbers match the snippet's original file. */
async function writeSnippet(snippet: Snippet): Promise<void> {
  const [before, after] = await surroundings(snippet);
  const code = snippet.fixture ? snippet.code.replaceAll(IMPORT, blank) : snippet.code;
  const padding = '\n'.repeat(Math.max(0, snippet.line - 1 - linesIn(before)));
  const name = `${snippet.file.replaceAll('/', '~')}~${snippet.line}.ts`;
  await writeFile(join(FOLDER, name), `${before}${padding}${code}\n${after}\nexport {};\n`);
}

async function surroundings({ fixture, code }: Snippet): Promise<readonly [string, string]> {
  if (fixture === undefined) return ['', ''];
  const text = await readFile(join(ROOT, 'rosetta', `${fixture}.ts-fixture`), 'utf8');
  const [before, after] = text.split('/// here');
  const imports = (code.match(IMPORT) ?? []).map((each) => each.replaceAll('\n', ' '));
  return [`${imports.join(' ')} ${before}`, after ?? ''];
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, '');
}

async function writeProject(): Promise<void> {
  const compilerOptions = { rootDir: '..', noUnusedLocals: false, noUnusedParameters: false, noUncheckedIndexedAccess: false };
  await writeFile(join(FOLDER, 'tsconfig.json'), JSON.stringify({ extends: '../tsconfig.dev.json', compilerOptions, include: ['*.ts'] }));
}

await rm(FOLDER, { recursive: true, force: true });
await mkdir(FOLDER);
try {
  const snippets = await readSnippets();
  await Promise.all([writeProject(), ...snippets.map(writeSnippet)]);
  const { status, stdout } = spawnSync('tsc', ['--noEmit', '-p', FOLDER], { cwd: ROOT, encoding: 'utf8' });
  if (stdout) console.error(stdout.replaceAll(/^\.snippets\/(.*?)~\d+\.ts/gm, (_, file: string) => file.replaceAll('~', '/')).trimEnd());
  console.log(`${snippets.length} snippets`);
  process.exitCode = status ?? 1;
} finally {
  await rm(FOLDER, { recursive: true, force: true });
}
