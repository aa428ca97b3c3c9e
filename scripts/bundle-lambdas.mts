import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { ASSETS, METAFILES, ROOT, SOURCES } from './paths.mts';

const SUFFIX = '.lambda.ts';

const OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  minify: true,
  legalComments: 'none',
  mainFields: ['module', 'main'],
  // The SDK's chain of credential providers has nothing to find in a Lambda function; see the file.
  alias: { '@aws-sdk/credential-provider-node': './src/runtime/aws/environment-credentials.ts' },
  metafile: true,
} as const satisfies BuildOptions;

/** Bundles src/runtime/<name>.lambda.ts into assets/<name>/index.mjs, with nothing left to install. */
async function bundleLambda(file: string): Promise<void> {
  const name = file.slice(0, -SUFFIX.length);
  const { metafile } = await build({
    ...OPTIONS,
    entryPoints: [join('src', 'runtime', file)],
    outfile: join('assets', name, 'index.mjs'),
  });
  await writeFile(join(METAFILES, `lambda-${name}.json`), JSON.stringify(metafile));
  const [output] = Object.values(metafile.outputs);
  console.log(`assets/${name}/index.mjs  ${(output!.bytes / 1000).toFixed(0)} KB`);
}

async function lambdaFiles(): Promise<string[]> {
  const files = await readdir(join(SOURCES, 'runtime')).catch(() => []);
  return files.filter((file) => file.endsWith(SUFFIX));
}

await rm(ASSETS, { recursive: true, force: true });
await mkdir(METAFILES, { recursive: true });
const files = await lambdaFiles();
if (files.length === 0) console.log(`No src/runtime/*${SUFFIX}: nothing to bundle.`);
await Promise.all(files.map(bundleLambda));
