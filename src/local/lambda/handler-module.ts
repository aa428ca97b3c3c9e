import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LambdaErrorType, namedError } from './function-error.ts';

/** A Lambda handler, with a callback or without. */
export type Handler = (event: unknown, context: object, callback?: (error: unknown, result?: unknown) => void) => unknown;

/** In the order in which Lambda's runtime searches. */
const EXTENSIONS = ['', '.js', '.mjs', '.cjs'];

/**
 * Loads a handler as Lambda's Node.js runtime does, CommonJS or ES module.
 *
 * @param handler `folder/file.export`
 * @throws Error with the name that Lambda reports
 */
export async function loadHandler(codeDirectory: string, handler: string): Promise<Handler> {
  const file = basename(handler);
  const [, moduleName, exportName] = /^([^.]*)\.(.*)$/.exec(file) ?? [];
  if (!moduleName || !exportName || handler.includes('..')) throw namedError(LambdaErrorType.MALFORMED_HANDLER, 'Bad handler');
  const loaded = await loadModule(join(codeDirectory, dirname(handler), moduleName), moduleName);
  const found = exportOf(loaded, exportName) ?? exportOf((loaded as { default?: unknown }).default, exportName);
  if (found === undefined) throw namedError(LambdaErrorType.HANDLER_NOT_FOUND, `${handler} is undefined or not exported`);
  if (typeof found !== 'function') throw namedError(LambdaErrorType.HANDLER_NOT_FOUND, `${handler} is not a function`);
  return found as Handler;
}

async function loadModule(path: string, name: string): Promise<unknown> {
  const file = EXTENSIONS.map((extension) => `${path}${extension}`).find((candidate) => existsSync(candidate));
  if (file === undefined) throw namedError(LambdaErrorType.IMPORT_MODULE, `Error: Cannot find module '${name}'`);
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    if (error instanceof SyntaxError) throw namedError(LambdaErrorType.SYNTAX, String(error));
    if (isNotFound(error)) throw namedError(LambdaErrorType.IMPORT_MODULE, String(error));
    throw error;
  }
}

function isNotFound(error: unknown): boolean {
  return ['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '');
}

/** `a.b` means export b of export a. */
function exportOf(exporter: unknown, name: string): unknown {
  return name.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], exporter);
}
