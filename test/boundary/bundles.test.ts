import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, join } from 'node:path';
import type { Metafile } from 'esbuild';
import { ASSETS, METAFILES, ROOT } from '../../scripts/paths.mts';

const MAX_BYTES = 600_000;
const MAX_LINE = 10_000;

/** Lambda functions, and programs that the constructs run at synth. */
const BUNDLED = /\.(lambda|program)\.ts$/;
const LAMBDAS = readdirSync(join(ROOT, 'src', 'runtime'), { recursive: true, encoding: 'utf8' })
  .filter((file) => BUNDLED.test(file)).map((file) => basename(file).replace(BUNDLED, ''));

/** The AWS SDK is made of these. */
const ALLOWED_PACKAGE = /^(@aws-sdk|@smithy|@aws)\/|^d3-dsv$|^json-p3$|^yauzl$|^pend$/;
/** Credential providers that look where a Lambda function has nothing; see src/runtime/aws. */
const REPLACED_PACKAGE = /^(@aws-sdk|@smithy)\/(credential-provider-|nested-clients|token-providers)/;

test('every Lambda handler and every program has a bundle', () => {
  expect(LAMBDAS).not.toEqual([]);
  expect(readdirSync(ASSETS).sort()).toEqual(LAMBDAS.toSorted());
});

describe.each(LAMBDAS)('assets/%s/index.mjs', (name) => {
  const output = readOutput(`lambda-${name}`);
  const files = filesIn(output);

  test('contains the runtime, the source layer, the protocol, the AWS SDK, what makes CSV, reads JSONPath and reads zip files, nothing else', () => {
    expect(packagesOf(files).filter((each) => !ALLOWED_PACKAGE.test(each))).toEqual([]);
    expect(layersOf(files)).not.toContain('construct');
    expect(layersOf(files)).not.toContain('local');
    expect(layersOf(files)).toContain('runtime');
  });

  test('contains no credential provider but the one for Lambda', () => {
    expect(packagesOf(files).filter((each) => REPLACED_PACKAGE.test(each))).toEqual([]);
  });

  test('needs Node.js and nothing else', () => {
    expect(output.imports.map(({ path }) => path).filter((path) => !isBuiltin(path))).toEqual([]);
  });

  test('does not import http, which would load all of its exports', () => {
    expect(output.imports.map(({ path }) => path).filter((path) => /^(?:node:)?https?$/.test(path))).toEqual([]);
  });

  test(`has at most ${MAX_BYTES} bytes`, () => {
    expect(output.bytes).toBeLessThanOrEqual(MAX_BYTES);
  });
});

describe('lib/local', () => {
  const bundles = readdirSync(METAFILES).filter((file) => file.startsWith('local-')).map((file) => file.replace('.json', ''));

  test.each(bundles)('%s leaves aws-cdk-lib and constructs to the app', (bundle) => {
    expect(packagesOf(filesIn(readOutput(bundle))).filter((each) => ['aws-cdk-lib', 'constructs'].includes(each))).toEqual([]);
  });

  test.each(bundles)('%s contains no second copy of what jsii compiles', (bundle) => {
    expect(layersOf(filesIn(readOutput(bundle))).filter((layer) => layer !== 'local' && layer !== 'runtime')).toEqual([]);
  });

  // Node.js shows the line of an error that nobody catches.
  test.each(bundles)('%s has no line that would bury the message of an error', (bundle) => {
    const lines = readFileSync(join(ROOT, 'lib', 'local', `${bundle.replace('local-', '')}.js`), 'utf8').split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(MAX_LINE);
  });
});

type Output = Metafile['outputs'][string];

function readOutput(bundle: string): Output {
  const file = join(METAFILES, `${bundle}.json`);
  if (!existsSync(file)) throw new Error(`${file} is missing: run \`npm run build\` first.`);
  const { outputs } = JSON.parse(readFileSync(file, 'utf8')) as Metafile;
  return Object.values(outputs)[0]!;
}

/** Without the files that were read but of which nothing is left. */
function filesIn({ inputs }: Output): string[] {
  return Object.keys(inputs).filter((file) => inputs[file]!.bytesInOutput > 0);
}

function packagesOf(files: readonly string[]): string[] {
  const names = files.map((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))];
}

function layersOf(files: readonly string[]): string[] {
  return [...new Set(files.filter((file) => file.startsWith('src/')).map((file) => file.split('/')[1]!))];
}
