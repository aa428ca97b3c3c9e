import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { BUNDLE_FILE, bundleFolder, LambdaBundle } from '../src/construct/lambda-bundle';
import { CHECKPOINT_INTERVAL_SECONDS, CHUNK_BYTES, maximumAgeSeconds, MAX_WAIT_SECONDS, PAGE_ATTEMPTS } from '../src/protocol/defaults';
import { EnvironmentVariable } from '../src/protocol/environment';
import { FetchRequest, InitializeRequest, LoopState } from '../src/protocol/machine-state';
import { DEFAULT_OUTPUT } from '../src/protocol/output-settings';
import { BenchApp } from './bench-app';

/** Memory that one Fetch invocation had. */
export interface MemoryMeasurement {
  readonly records: number;
  /** Most memory of the process at any time, code and Node.js itself included. */
  readonly peakBytes: number;
}

/** Of the function that is measured: a small one, so that garbage cannot pile up unseen. */
export const MEMORY_MIB = 256;

/** Lambda's Node.js runtime gives so much of the function's memory to the heap's old generation. */
const OLD_GENERATION = 0.9;

const PAGE_SIZE = 1000;

/** Runs the shipped Fetch in a process of its own over the whole of a source, against the store in this process. */
export async function measureFetchMemory(app: BenchApp, pages: number): Promise<MemoryMeasurement> {
  const environment = environmentOf(app);
  const start: InitializeRequest = { input: { pages }, executionArn: 'none', startTime: new Date().toISOString(), output: DEFAULT_OUTPUT };
  const { result: state } = await runInProcess(bundleFolder(LambdaBundle.INITIALIZE), environment, start);
  const request: FetchRequest = { state, retryCount: 0 };
  const { result: { records, continue: more }, peakBytes } = await runInProcess(app.fetchFunctionFolder, environment, request);
  if (more || records !== pages * PAGE_SIZE) throw new Error(`Fetch has ${records} records instead of ${pages * PAGE_SIZE}.`);
  return { records, peakBytes };
}

/** As the constructs would set it. */
function environmentOf({ bucket, cloud }: BenchApp): Record<string, string> {
  return {
    ...cloud.s3.environment,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(MEMORY_MIB),
    [EnvironmentVariable.CACHE_BUCKET]: bucket,
    [EnvironmentVariable.CACHE_PREFIX]: 'memory',
    [EnvironmentVariable.DESTINATION_BUCKET]: bucket,
    [EnvironmentVariable.DESTINATION_KEY]: 'published/memory.jsonl',
    [EnvironmentVariable.PAGE_SIZE]: String(PAGE_SIZE),
    [EnvironmentVariable.CHUNK_BYTES]: String(CHUNK_BYTES),
    [EnvironmentVariable.CHECKPOINT_INTERVAL_SECONDS]: String(CHECKPOINT_INTERVAL_SECONDS),
    [EnvironmentVariable.PAGE_ATTEMPTS]: String(PAGE_ATTEMPTS),
    [EnvironmentVariable.MAX_WAIT_SECONDS]: String(MAX_WAIT_SECONDS),
    [EnvironmentVariable.MAXIMUM_AGE_SECONDS]: String(maximumAgeSeconds(3600)),
  };
}

async function runInProcess(
  folder: string, environment: Record<string, string>, event: object,
): Promise<{ readonly result: LoopState; readonly peakBytes: number }> {
  const flags = [`--max-old-space-size=${Math.round(MEMORY_MIB * OLD_GENERATION)}`];
  const child = spawn(process.execPath, [...flags, join(__dirname, 'lambda-process.mjs'), join(folder, BUNDLE_FILE)], {
    env: environment, stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(event));
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (code !== 0) throw new Error(`The function ended with exit status ${code}: see its messages above.`);
  return JSON.parse(output.trim().split('\n').at(-1)!);
}
