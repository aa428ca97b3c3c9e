import { SpawnSyncReturns } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { SOURCE_MODULE_FILE } from '../../protocol/environment';
import { sentence } from '../../protocol/sentence';
import { SOURCE_VERDICT_FD, SourceVerdict } from '../../protocol/source-verdict';
import { BUNDLE_FILE, bundleFolder, LambdaBundle } from '../bundles/lambda-bundle';
import { MODULE_CHECK_SECONDS, runBareNode } from './bare-node';
import { SourceBundle, WHERE } from './source-bundle';

/**
 * Loads a bundled source module in a separate process, and checks it as the page loop would.
 *
 * @param entry absolute path of the user's module
 * @param folder folder of the bundle
 * @throws Error if it cannot be loaded or is not a handler
 */
export function checkLoads(entry: string, folder: string, { externals }: Pick<SourceBundle, 'externals'>, seconds?: number): void {
  const place = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'source-')));
  try {
    fs.copyFileSync(path.join(folder, SOURCE_MODULE_FILE), path.join(place, SOURCE_MODULE_FILE));
    const missing = externals.filter((name) => !linkPackage(name, path.dirname(entry), place));
    const problem = loadProblem(place, seconds)?.replaceAll(`${place}${path.sep}`, '');
    if (problem !== undefined) throw unloaded(entry, problem, missing.find((name) => problem.includes(`'${name}'`)));
  } finally {
    fs.rmSync(place, { recursive: true, force: true });
  }
}

/** Links a package that is not bundled. Returns whether it is installed. */
function linkPackage(name: string, from: string, place: string): boolean {
  const installed = ancestors(from).map((folder) => path.join(folder, 'node_modules', name)).find((folder) => fs.existsSync(folder));
  if (installed === undefined) return false;
  const link = path.join(place, 'node_modules', name);
  fs.mkdirSync(path.dirname(link), { recursive: true });
  fs.symlinkSync(installed, link, 'junction');
  return true;
}

function ancestors(folder: string): string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}

function loadProblem(place: string, seconds = MODULE_CHECK_SECONDS): string | undefined {
  const program = path.join(bundleFolder(LambdaBundle.CHECK_SOURCE), BUNDLE_FILE);
  const ended = runBareNode(place, [program, pathToFileURL(path.join(place, SOURCE_MODULE_FILE)).href], seconds);
  const verdict = ended.output?.[SOURCE_VERDICT_FD];
  if (verdict) return (JSON.parse(verdict) as SourceVerdict).problem;
  const error: NodeJS.ErrnoException | undefined = ended.error;
  if (error?.code === 'ETIMEDOUT') return `it had not loaded after ${seconds} s`;
  if (error !== undefined) return `Node.js could not be started for it (${error.message})`;
  return endOf(ended);
}

function endOf({ status, signal, stderr }: SpawnSyncReturns<string>): string {
  const reason = /^\w*Error\b.*$/m.exec(stderr)?.[0];
  const end = signal === null ? `with exit code ${status}` : `by ${signal}`;
  return `while it was loaded, its process ended ${end}${reason === undefined ? '' : `: ${reason}`}`;
}

function unloaded(entry: string, problem: string, missing: string | undefined): Error {
  const remedy = missing === undefined
    ? 'Correct it or, if it needs its deployment environment, leave checkEntry out'
    : `${missing} is external, and not installed here: install it as a development dependency, or leave checkEntry out`;
  return new Error(`${WHERE}: ${entry} cannot be used: ${sentence(problem)} It was loaded at synth because checkEntry is set. ${remedy}`);
}
