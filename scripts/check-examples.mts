/** Synthesizes every example (each folder of examples/ with a cdk.json) with the command that the CDK CLI would run. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './paths.mts';

const EXAMPLES = join(ROOT, 'examples');

async function synthesize(name: string): Promise<void> {
  const folder = join(EXAMPLES, name);
  const { app } = JSON.parse(await readFile(join(folder, 'cdk.json'), 'utf8')) as { app: string };
  const output = await mkdtemp(join(tmpdir(), `example-${name}-`));
  try {
    await promisify(execFile)('sh', ['-c', app], { cwd: folder, env: { ...process.env, CDK_OUTDIR: output } });
    if (!existsSync(join(output, 'manifest.json'))) throw new Error(`\`${app}\` succeeded but wrote no cloud assembly.`);
    console.log(`examples/${name} synthesizes`);
  } finally {
    await rm(output, { recursive: true, force: true });
  }
}

const names = existsSync(EXAMPLES) ? await readdir(EXAMPLES) : [];
for (const name of names.filter((each) => existsSync(join(EXAMPLES, each, 'cdk.json')))) {
  await synthesize(name);
}
