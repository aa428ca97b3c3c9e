import { join } from 'node:path';

/** Absolute paths of the repository's folders. */
export const ROOT = join(import.meta.dirname, '..');
export const SOURCES = join(ROOT, 'src');
export const LIBRARY = join(ROOT, 'lib');
/** The Lambda bundles, one folder each. Published, not committed. */
export const ASSETS = join(ROOT, 'assets');
/** esbuild's metafile of each bundle, for the boundary tests, the list of licenses and the SBOM. Neither published nor committed. */
export const METAFILES = join(ROOT, '.metafiles');
/** Reports of the test run, including jest's totals. */
export const REPORTS = join(ROOT, 'test-reports');
/** What the lanes install and write, one folder each. Neither published nor committed. */
export const LANES = join(ROOT, '.lanes');
