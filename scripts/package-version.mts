import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './paths.mts';

const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };

/** How bundles know the package's version. */
export const VERSION_DEFINITION = { 'process.env.CDK_PAGINATED_IMPORT_VERSION': JSON.stringify(version) };
