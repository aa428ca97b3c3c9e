import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EnvironmentVariable } from '../../protocol/environment';
import { ImportResult } from '../../protocol/machine-state';
import { manifestKey } from '../../protocol/manifest';
import { fileExtension } from '../../protocol/output-settings';
import { ExecutionResult, LocalCloud, ProgressLine } from '../index';
import { RunArguments } from './arguments';
import { sourceFolder } from './source-folder';

/** The apps that the command runs, one for each kind of output, synthesized when the package was built. */
const ASSEMBLIES = join(__dirname, 'run-app');

/** The app's functions by their construct paths. */
const INITIALIZE = 'Functions/Initialize/Function';
const FETCH = 'Functions/Fetch/Function';

/** The app's state machine. */
const STATE_MACHINE = 'Run/Import/StateMachine';

/** The message of an error says how to resume a deployed import. */
const NOTHING_TO_RESUME = 'This run is over, and there is nothing to redrive or to resume on this computer: run the command again.';

/** Seconds between two lines of progress. */
const PROGRESS_SECONDS = '0.2';

/** Runs the import and writes its object and manifest. Resolves with whether it succeeded. */
export async function runImport(request: RunArguments): Promise<boolean> {
  const codeDirectory = sourceFolder(request.source);
  try {
    return await runWith(codeDirectory, request);
  } finally {
    await rm(codeDirectory, { recursive: true, force: true });
  }
}

async function runWith(codeDirectory: string, request: RunArguments): Promise<boolean> {
  const progress = new ProgressLine(process.stderr);
  await using cloud = await LocalCloud.start({
    assembly: join(ASSEMBLIES, fileExtension(request.output)),
    onLine: progress.onLine,
    overrides: {
      [INITIALIZE]: { environment: { [EnvironmentVariable.PAGE_SIZE]: String(request.pageSize) } },
      [FETCH]: {
        codeDirectory,
        environment: { ...ownEnvironment(), [EnvironmentVariable.PROGRESS_INTERVAL_SECONDS]: PROGRESS_SECONDS },
      },
    },
  });
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  const execution = cloud.startExecution(STATE_MACHINE, request.input, { onEvent: progress.onEvent, signal: abort.signal });
  const result = await execution.result();
  progress.end();
  if (result.status !== 'SUCCEEDED') return reportFailure(result, request);
  await save(cloud, result.output as unknown as ImportResult, request.out);
  reportSuccess(result, request);
  return true;
}

/** What the user's module may read; AWS's own variables would lead it and the loop to the user's account. */
function ownEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS_|NODE_OPTIONS$)/.test(name))) as Record<string, string>;
}

async function save(cloud: LocalCloud, { bucket, key }: ImportResult, out: string): Promise<void> {
  await cloud.s3.readToFile(bucket, key, out);
  await writeFile(manifestKey(out), cloud.s3.read(bucket, manifestKey(key)));
}

function reportSuccess(result: ExecutionResult, { out, json }: RunArguments): void {
  const { importId, records, pages, bytes } = result.output as unknown as ImportResult;
  const seconds = secondsOf(result);
  if (json) console.log(JSON.stringify({ status: result.status, importId, records, pages, bytes, seconds, file: out }));
  else console.log(`${records} records in ${pages} pages (${bytes} bytes) in ${seconds.toFixed(1)} s: ${out}`);
}

function reportFailure(result: ExecutionResult, { json }: RunArguments): boolean {
  const message = messageOf(result);
  if (json) console.log(JSON.stringify({ status: result.status, error: result.error, message, seconds: secondsOf(result) }));
  else console.error(`The import ended as ${result.status}: ${result.error ?? ''}\n${message}\n${NOTHING_TO_RESUME}`);
  return false;
}

/** Lambda's error is JSON; what else ends an execution is text. */
function messageOf({ cause = '' }: ExecutionResult): string {
  try {
    return (JSON.parse(cause) as { readonly errorMessage?: string }).errorMessage ?? cause;
  } catch {
    return cause;
  }
}

function secondsOf({ startDate, stopDate }: ExecutionResult): number {
  return (stopDate.getTime() - startDate.getTime()) / 1000;
}
