import * as fs from 'node:fs';
import * as path from 'node:path';

/** The prebuilt Lambda functions that this package ships, and a program for the time of synth, by the folders that they lie in. */
export enum LambdaBundle {
  INITIALIZE = 'initialize',
  /** The page loop, with the user's module beside it. */
  FETCH = 'fetch',
  /** The page loop, with the user's handler in a function of its own. */
  FETCH_BY_FUNCTION = 'fetch-by-function',
  SUMMARIZE = 'summarize',
  PERSIST = 'persist',
  CLEAN_UP = 'clean-up',
  /** Loads a source module, and says what is wrong with it. */
  CHECK_SOURCE = 'check-source',
}

/** File name of every bundle. */
export const BUNDLE_FILE = 'index.mjs';

/** The handler that every bundle exports. */
export const BUNDLE_HANDLER = 'index.handler';

/** Compiled code lies in lib/construct/bundles, its source in src/construct/bundles: the bundles are three folders up from either. */
const ASSETS_FOLDER = path.join(__dirname, '..', '..', '..', 'assets');

/** The folder of a bundle. */
export function bundleFolder(bundle: LambdaBundle): string {
  const folder = path.join(ASSETS_FOLDER, bundle);
  if (!fs.existsSync(path.join(folder, BUNDLE_FILE))) {
    throw new Error(`The Lambda bundle ${folder} is missing from cdk-paginated-import; install the package again, or run its bundle script`);
  }
  return folder;
}
