/** Fails if API.md is not what `npm run docgen` writes for the current code. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './paths.mts';

const folder = await mkdtemp(join(tmpdir(), 'api-docs-'));
try {
  const generated = join(folder, 'API.md');
  await promisify(execFile)('jsii-docgen', ['-o', generated], { cwd: ROOT });
  const [expected, found] = await Promise.all([readFile(generated, 'utf8'), readFile(join(ROOT, 'API.md'), 'utf8').catch(() => '')]);
  if (expected !== found) {
    process.exitCode = 1;
    console.error('API.md does not match the current code: run `npm run build && npm run docgen` and commit the result.');
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
