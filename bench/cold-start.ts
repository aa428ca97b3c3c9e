import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { BUNDLE_FILE, LambdaBundle } from '../src/construct/bundles/lambda-bundle';
import { IntegrityCheck } from '../src/protocol/choices';
import { EnvironmentVariable } from '../src/protocol/environment';

const ASSETS = join(__dirname, '..', 'assets');

/** The bundle that ours are compared with. */
export const BARE = 'bare client-s3';

/** What a Lambda function's bundle costs at a cold start. */
export interface LoadTime {
  readonly bundle: string;
  readonly bytes: number;
  /** Duration of the import statement, in a separate process. */
  readonly milliseconds: number;
}

/** A bundle and its file. */
export interface Bundle {
  readonly name: string;
  readonly file: string;
}

/** A plain S3 client with a GET and a PUT, bundled into a folder, followed by the shipped bundles. */
export async function bundles(folder: string): Promise<Bundle[]> {
  const bare = { name: BARE, file: join(folder, 'bare-client.mjs') };
  await bundleBareClient(bare.file);
  const functions = readdirSync(ASSETS).filter((name) => name !== LambdaBundle.CHECK_SOURCE);
  return [bare, ...functions.map((name) => ({ name, file: join(ASSETS, name, BUNDLE_FILE) }))];
}

export function measureLoadTime({ name, file }: Bundle): LoadTime {
  const program = `
    const start = performance.now();
    await import(${JSON.stringify(pathToFileURL(file))});
    console.log(performance.now() - start);`;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], { env: lambdaEnvironment(), encoding: 'utf8' });
  return { bundle: name, bytes: statSync(file).size, milliseconds: Number(output) };
}

/** Bundled like ours, but with nothing replaced or dropped. */
async function bundleBareClient(outfile: string): Promise<void> {
  const { LAMBDA_BUNDLE_OPTIONS } = await import('../scripts/lambda-bundle-options.mts');
  buildSync({
    ...LAMBDA_BUNDLE_OPTIONS,
    stdin: {
      contents: `
        import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
        const client = new S3Client({});
        export const get = (input) => client.send(new GetObjectCommand(input));
        export const put = (input) => client.send(new PutObjectCommand(input));`,
      resolveDir: __dirname,
    },
    outfile,
  });
}

/** The part of a deployed function's environment that loading it needs. */
function lambdaEnvironment(): NodeJS.ProcessEnv {
  const values = Object.values(EnvironmentVariable).map((name) => [name, '1']);
  return { AWS_REGION: 'eu-west-1', ...Object.fromEntries(values), [EnvironmentVariable.INTEGRITY_CHECK]: IntegrityCheck.FULL_OBJECT_CRC32 };
}
