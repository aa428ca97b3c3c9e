import { readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { builtInsAsImports } from './built-ins-as-imports.mts';
import { dropUnusedSchemas } from './drop-unused-schemas.mts';
import { forgetBundles } from './forget-bundles.mts';
import { LAMBDA_BUNDLE_OPTIONS } from './lambda-bundle-options.mts';
import { VERSION_DEFINITION } from './package-version.mts';
import { ASSETS, METAFILES, ROOT, SOURCES } from './paths.mts';

/** Lambda functions, and programs that the constructs run at synth. */
const SUFFIX = /\.(lambda|program)\.ts$/;

const OPTIONS = {
  ...LAMBDA_BUNDLE_OPTIONS,
  absWorkingDir: ROOT,
  // Replaces what our functions do not need of the SDK and of Node.js: half of the size, more of the load time. The files give the reasons.
  alias: {
    '@aws-sdk/credential-provider-node': './src/runtime/aws/environment-credentials.ts',
    '@smithy/core/event-streams': './src/runtime/aws/no-event-streams.ts',
    'node:http': './src/runtime/aws/lean-http.ts',
    'node:https': './src/runtime/aws/lean-https.ts',
  },
  plugins: [dropUnusedSchemas, builtInsAsImports],
  define: VERSION_DEFINITION,
  metafile: true,
} as const satisfies BuildOptions;

/** Bundles <name>.lambda.ts or .program.ts from anywhere in src/runtime into assets/<name>/index.mjs, with all its dependencies. */
async function bundleLambda(file: string): Promise<void> {
  const name = basename(file).replace(SUFFIX, '');
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
  const files = await readdir(join(SOURCES, 'runtime'), { recursive: true });
  return files.filter((file) => SUFFIX.test(file));
}

await rm(ASSETS, { recursive: true, force: true });
await forgetBundles('lambda-');
const files = await lambdaFiles();
if (files.length === 0) console.log(`Nothing in src/runtime ends with ${SUFFIX.source}: nothing to bundle.`);
await Promise.all(files.map(bundleLambda));
