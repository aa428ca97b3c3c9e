import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, FunctionProps, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { Assembly } from '../../../src/local/assembly/assembly';

const folders: string[] = [];

/** The first synthesis of a process loads the CDK's checks of templates, which takes long on a busy computer. */
const SYNTHESIS_MILLISECONDS = 180_000;

/** Removes what the tests of a file have synthesized. */
export function removeAssemblies(): void {
  jest.setTimeout(SYNTHESIS_MILLISECONDS);
  afterAll(async () => {
    await Promise.all(folders.splice(0).map(async (folder) => rm(folder, { recursive: true })));
  });
}

/** A folder that is removed with the assemblies. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'assembly-'));
  folders.push(folder);
  return folder;
}

/** Synthesizes an app. Returns the folder of its assembly. */
export function synthesize(build: (app: App) => void): string {
  const outdir = temporaryFolder();
  const app = new App({ outdir, analyticsReporting: false });
  build(app);
  return app.synth().directory;
}

export function assemblyOf(build: (stack: Stack) => void): Assembly {
  return Assembly.read(synthesize((app) => build(new Stack(app, 'Imports'))));
}

export function inlineFunction(scope: Construct, id: string, props: Partial<FunctionProps> = {}): LambdaFunction {
  return new LambdaFunction(scope, id, {
    code: Code.fromInline('exports.handler = async (event) => event'), handler: 'index.handler', runtime: Runtime.NODEJS_24_X, ...props,
  });
}
