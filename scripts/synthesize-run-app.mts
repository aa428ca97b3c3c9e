/**
 * Writes lib/local/run-app: the cloud assemblies that `cdk-paginated-import run` runs, one per kind of output, so that the command needs
 * neither an app nor the CDK. They refer to the Lambda code in assets/ instead of copying it.
 */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { OutputOptions } from '../src/index.ts';
import { ASSETS, LIBRARY, ROOT } from './paths.mts';

const require = createRequire(import.meta.url);
const { App, Stack, aws_lambda: lambda, aws_s3: s3 } = require('aws-cdk-lib') as typeof import('aws-cdk-lib');
const { Compression, FetchPageHandler, ImportDestination, OutputFormat, PaginatedImportStateMachine } = require(ROOT) as typeof import('../src/index.ts');

const RUN_APPS = join(LIBRARY, 'local', 'run-app');
const ASSETS_FILE = 'Run.assets.json';
const METADATA_FILE = 'Run.metadata.json';
const LOGICAL_ID = 'aws:cdk:logicalId';

/** By file extension. */
const FORMATS = { jsonl: OutputFormat.jsonLines(), json: OutputFormat.jsonArray(), csv: OutputFormat.csv() };
const COMPRESSIONS = { '': Compression.NONE, '.gz': Compression.GZIP };

interface AssetsFile {
  files: Record<string, { source: { path: string; packaging: string } }>;
}

/** The options of each app, by file extension. */
function outputs(): [string, OutputOptions][] {
  return Object.entries(FORMATS).flatMap(([name, format]) => Object.entries(COMPRESSIONS).map(
    ([suffix, compression]): [string, OutputOptions] => [`${name}${suffix}`, { format, compression }],
  ));
}

async function synthesize(outdir: string, extension: string, output: OutputOptions): Promise<void> {
  const source = join(outdir, 'source');
  // A placeholder: the command puts the user's module there.
  await mkdir(source);
  await writeFile(join(source, 'source.mjs'), 'export default () => [];\n');
  const app = new App({ outdir, analyticsReporting: false, builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Run');
  new PaginatedImportStateMachine(stack, 'Import', {
    fetchPage: FetchPageHandler.fromCode(lambda.Code.fromAsset(source)),
    pageSize: 1,
    destination: ImportDestination.toBucket(new s3.Bucket(stack, 'Bucket'), { key: `import.${extension}`, ...output }),
  });
  app.synth();
}

/** Makes the assembly refer to the bundles in their original folders. */
async function referToBundles(outdir: string, runApp: string): Promise<void> {
  const file = join(runApp, ASSETS_FILE);
  const assets = JSON.parse(await readFile(file, 'utf8')) as AssetsFile;
  for (const { source } of Object.values(assets.files).filter((asset) => asset.source.packaging === 'zip')) {
    source.path = relative(runApp, join(ASSETS, await bundleIn(join(outdir, source.path)))).replaceAll('\\', '/');
  }
  await writeFile(file, JSON.stringify(assets));
}

/** Keeps only the logical ids of constructs: the rest is stack traces with paths of the build machine. */
async function keepLogicalIds(runApp: string): Promise<void> {
  const file = join(runApp, METADATA_FILE);
  const metadata = JSON.parse(await readFile(file, 'utf8')) as Record<string, { type: string; data: unknown }[]>;
  const kept = Object.entries(metadata)
    .map(([path, entries]) => [path, entries.filter(({ type }) => type === LOGICAL_ID).map(({ type, data }) => ({ type, data }))]);
  await writeFile(file, JSON.stringify(Object.fromEntries(kept)));
}

async function bundleIn(folder: string): Promise<string> {
  const code = await readFile(join(folder, 'index.mjs'));
  for (const name of await readdir(ASSETS)) {
    if (code.equals(await readFile(join(ASSETS, name, 'index.mjs')))) return name;
  }
  throw new Error(`The code in ${folder} is not one of the bundles: run "npm run bundle:lambdas" first.`);
}

async function writeRunApp(extension: string, output: OutputOptions): Promise<void> {
  const runApp = join(RUN_APPS, extension);
  const outdir = await mkdtemp(join(tmpdir(), 'run-app-'));
  try {
    await synthesize(outdir, extension, output);
    for (const file of ['manifest.json', 'Run.template.json', METADATA_FILE, ASSETS_FILE]) await cp(join(outdir, file), join(runApp, file));
    await keepLogicalIds(runApp);
    await referToBundles(outdir, runApp);
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}

await rm(RUN_APPS, { recursive: true, force: true });
for (const [extension, output] of outputs()) await writeRunApp(extension, output);
console.log('lib/local/run-app');
