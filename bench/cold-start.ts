import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { BUNDLE_FILE, LambdaBundle } from '../src/construct/bundles/lambda-bundle';
import { IntegrityCheck } from '../src/protocol/choices';
import { EnvironmentVariable } from '../src/protocol/environment';

const ASSETS = join(__dirname, '..', 'assets');

/** The name of the bundle that ours are compared with. */
export const BARE = 'bare client-s3';

/** What a Lambda function's bundle costs at a cold start. */
export interface LoadTime {
  readonly bundle: string;
  readonly bytes: number;
  /** From the import's start to its end, in a process of its own. */
  readonly milliseconds: number;
}

/** A bundle and where it is. */
export interface Bundle {
  readonly name: string;
  readonly file: string;
}

/** The bundles that are shipped, and before them a client for S3 with a GET and a PUT, bundled by esbuild as it comes into a folder. */
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

/** As ours are, but with nothing replaced and nothing dropped. */
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

/** A deployed function's, as far as loading it asks for it. */
function lambdaEnvironment(): NodeJS.ProcessEnv {
  const values = Object.values(EnvironmentVariable).map((name) => [name, '1']);
  return { AWS_REGION: 'eu-west-1', ...Object.fromEntries(values), [EnvironmentVariable.INTEGRITY_CHECK]: IntegrityCheck.FULL_OBJECT_CRC32 };
}
