import { join } from 'node:path';

/** Absolute paths of the repository's folders. */
export const ROOT = join(import.meta.dirname, '..');
export const SOURCES = join(ROOT, 'src');
export const LIBRARY = join(ROOT, 'lib');
/** The Lambda bundles, one folder each. Published, not committed. */
export const ASSETS = join(ROOT, 'assets');
/** What esbuild says went into each bundle, for the boundary tests. Neither published nor committed. */
export const METAFILES = join(ROOT, '.metafiles');
/** Reports of the test run, among them jest's totals. */
export const REPORTS = join(ROOT, 'test-reports');
/** What the lanes install and write, one folder each. Neither published nor committed. */
export const LANES = join(ROOT, '.lanes');
