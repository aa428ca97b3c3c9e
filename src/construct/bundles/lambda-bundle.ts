import * as fs from 'node:fs';
import * as path from 'node:path';

/** The prebuilt Lambda functions that this package ships, and a program that runs at synth, by their folders. */
export enum LambdaBundle {
  INITIALIZE = 'initialize',
  /** The page loop, with the user's module next to it. */
  FETCH = 'fetch',
  /** The page loop, with the user's handler in a separate function. */
  FETCH_BY_FUNCTION = 'fetch-by-function',
  /** The page loop, with a source by settings. */
  FETCH_BY_HTTP = 'fetch-by-http',
  SUMMARIZE = 'summarize',
  PERSIST = 'persist',
  CLEAN_UP = 'clean-up',
  /** Loads a source module and reports what is wrong with it. */
  CHECK_SOURCE = 'check-source',
}

/** File name of every bundle. */
export const BUNDLE_FILE = 'index.mjs';

/** The handler that every bundle exports. */
export const BUNDLE_HANDLER = 'index.handler';

/** Compiled code is in lib/construct/bundles, its source in src/construct/bundles: both are three levels below the package root. */
const ASSETS_FOLDER = path.join(__dirname, '..', '..', '..', 'assets');

/** The folder of a bundle. */
export function bundleFolder(bundle: LambdaBundle): string {
  const folder = path.join(ASSETS_FOLDER, bundle);
  if (!fs.existsSync(path.join(folder, BUNDLE_FILE))) {
    throw new Error(`The Lambda bundle ${folder} is missing from cdk-paginated-import; install the package again, or run its bundle script`);
  }
  return folder;
}
