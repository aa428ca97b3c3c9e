import * as fs from 'node:fs';
import { isBuiltin } from 'node:module';
import * as path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SOURCE_MODULE_FILE } from '../../protocol/environment';
import { runBareNode } from './bare-node';

/** What Node.js detects before it runs any module: wrong syntax, missing files, and missing exports. */

/** Node.js version of the fetch function. An older one may not know all of its syntax and modules. */
const LAMBDA_NODE_MAJOR = 24;

/** A module that ends the process. Imported first, it ends it once all modules are linked, before any other runs. */
const STOP = 'data:text/javascript,process.exit(0)';

export const NO_DEFAULT_EXPORT = 'it has no default export';

/**
 * What is wrong with a folder's source module, without running it. `undefined` if nothing is, or if that is uncertain: a package that is
 * not in the folder comes from a layer or from Lambda's runtime, perhaps in another version than the one installed here.
 */
export function linkProblem(folder: string): string | undefined {
  const real = fs.realpathSync(folder);
  const { status, stderr } = inOwnScope(real, () => runBareNode(real, ['--input-type=module', '--eval', importing(real)]));
  return status === 1 ? certainProblem(stderr, real) : undefined;
}

function importing(folder: string): string {
  return `import ${JSON.stringify(STOP)}; import source from ${JSON.stringify(pathToFileURL(path.join(folder, SOURCE_MODULE_FILE)).href)};`;
}

/** A package.json above the folder must not decide the type of its .js files: in Lambda there is none. */
function inOwnScope<T>(folder: string, work: () => T): T {
  const file = path.join(folder, 'package.json');
  if (fs.existsSync(file)) return work();
  fs.writeFileSync(file, '{}');
  try {
    return work();
  } finally {
    fs.rmSync(file);
  }
}

/**
 * What is certainly wrong, according to Node.js's output.
 *
 * @param nodeMajor version of the Node.js that wrote it
 */
export function certainProblem(stderr: string, folder: string, nodeMajor = Number.parseInt(process.versions.node, 10)): string | undefined {
  const failure = failureIn(stderr);
  if (failure === undefined) return undefined;
  if (/[\\/]source\.mjs' does not provide an export named 'default'$/.test(failure.message) && failure.file === undefined) return NO_DEFAULT_EXPORT;
  return isCertain(failure, folder, nodeMajor) ? textOf(failure, folder) : undefined;
}

interface Failure {
  /** The file it is in, if it is in one. */
  readonly file?: string;
  readonly line?: string;
  readonly name: string;
  readonly code?: string;
  readonly message: string;
}

/** Parses `file:///folder/source.mjs:3`, the line and a pointer into it, then `SyntaxError: ...` or `Error [CODE]: ...`. */
function failureIn(stderr: string): Failure | undefined {
  const error = /^(?<name>\w*Error)(?: \[(?<code>\w+)\])?: (?<message>.+)$/m.exec(stderr)?.groups as Omit<Failure, 'file' | 'line'> | undefined;
  if (error === undefined) return undefined;
  const { url, line } = /^(?<url>file:\S+?)(?::(?<line>\d+))$/m.exec(stderr)?.groups ?? {};
  return { ...error, ...url !== undefined && !url.endsWith('[eval1]') && { file: fileURLToPath(url), line } };
}

function isCertain({ file, name, code, message }: Failure, folder: string, nodeMajor: number): boolean {
  const isInside = (text: string): boolean => text.includes(`${folder}${path.sep}`) || text.includes(`${pathToFileURL(folder).href}/`);
  const subject = message.replace(/ imported from .*$/, '');
  if (code === 'ERR_UNKNOWN_BUILTIN_MODULE') return nodeMajor >= LAMBDA_NODE_MAJOR;
  if (code === 'ERR_MODULE_NOT_FOUND') return subject.startsWith('Cannot find module') && (isInside(subject) || !subject.includes('node_modules'));
  if (name !== 'SyntaxError') return isInside(subject);
  return nodeMajor >= LAMBDA_NODE_MAJOR && file !== undefined && isInside(file) && !isOfPackageElsewhere(message, folder);
}

/** Whether the message is about an export of a package that is not in the folder. */
function isOfPackageElsewhere(message: string, folder: string): boolean {
  const requested = /requested module '([^']+)'/.exec(message)?.[1];
  if (requested === undefined || /^(\.|\/|\w+:)/.test(requested) || isBuiltin(requested)) return false;
  const [name] = /^(@[^/]+\/)?[^/]+/.exec(requested)!;
  return !fs.existsSync(path.join(folder, 'node_modules', name));
}

function textOf({ file, line, name, message }: Failure, folder: string): string {
  const where = file === undefined ? '' : ` (${path.relative(folder, file)}:${line})`;
  return `${name}: ${message.replaceAll(`${pathToFileURL(folder).href}/`, '').replaceAll(`${folder}${path.sep}`, '')}${where}`;
}
