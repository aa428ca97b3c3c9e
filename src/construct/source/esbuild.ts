import { createRequire } from 'node:module';
import * as path from 'node:path';

/**
 * The part of esbuild's API that is used. esbuild is the user's own: this package has no dependencies, and a second copy would add 10 MB of
 * binaries.
 */
export interface Esbuild {
  /** Throws a `BuildFailure`. */
  buildSync(options: { readonly [option: string]: unknown }): BuildResult;
  /** Transforms one file without its imports. Throws a `BuildFailure`. */
  transformSync(code: string, options: { readonly [option: string]: unknown }): { readonly code: string };
}

/** The result of bundling a module into memory. */
export interface BuildResult {
  readonly outputFiles: readonly OutputFile[];
  readonly metafile: Metafile;
  readonly warnings: readonly BuildMessage[];
}

export interface OutputFile {
  readonly path: string;
  readonly contents: Uint8Array;
}

export interface Metafile {
  /** Every file that went into the bundle, relative to the working folder of the build. */
  readonly inputs: { readonly [file: string]: unknown };
  readonly outputs: { readonly [file: string]: MetafileOutput };
}

export interface MetafileOutput {
  readonly exports: readonly string[];
  /** Absent for source maps. */
  readonly entryPoint?: string;
  readonly imports: readonly MetafileImport[];
}

export interface MetafileImport {
  readonly path: string;
  /** Whether it is resolved at run time. */
  readonly external?: boolean;
}

/** What esbuild throws. */
export interface BuildFailure extends Error {
  readonly errors: readonly BuildMessage[];
}

export interface BuildMessage {
  /** Kind of the message; empty for most errors. */
  readonly id: string;
  readonly text: string;
  readonly location: MessageLocation | null;
}

export interface MessageLocation {
  readonly file: string;
  readonly line: number;
}

const PACKAGE = 'esbuild';

/** Whether an error is esbuild's own. Checks its shape, not its class, because test runners load esbuild with different globals. */
export function isBuildFailure(error: unknown): error is BuildFailure {
  return Array.isArray((error as Partial<BuildFailure> | undefined)?.errors);
}

/**
 * The esbuild that is installed for a file, searched from the file's folder, then from the working folder.
 *
 * @param where the factory that needs it, for the message
 */
export function findEsbuild(where: string, file: string): Esbuild {
  const folders = [path.dirname(file), process.cwd()];
  for (const folder of folders) {
    const requireFrom = createRequire(path.join(folder, 'noop.js'));
    if (isInstalled(requireFrom)) return requireFrom(PACKAGE) as Esbuild;
  }
  throw new Error(`${where}: esbuild, which bundles ${file}, is installed neither for ${folders.join(' nor for ')}; `
    + 'run "npm install --save-dev esbuild" in your project');
}

function isInstalled(requireFrom: NodeJS.Require): boolean {
  try {
    requireFrom.resolve(PACKAGE);
    return true;
  } catch {
    return false;
  }
}
