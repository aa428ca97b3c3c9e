import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { BUNDLE_FILE } from '../src/construct/bundles/lambda-bundle';
import { FunctionDefinition } from '../src/local/lambda/function-definition';
import { FetchRequest, InitializeRequest, LoopState } from '../src/protocol/machine-state';
import { manifestKey } from '../src/protocol/manifest';
import { DEFAULT_OUTPUT } from '../src/protocol/output-settings';
import { StateName } from '../src/protocol/state-names';
import { BenchApp, BUCKET } from './bench-app';
import { S3Process } from './s3-process';

/** Memory that one Fetch invocation used. */
export interface MemoryMeasurement {
  /** Memory of the function. */
  readonly memoryMib: number;
  readonly records: number;
  /** Peak memory of the process, including code and Node.js itself. */
  readonly peakRssBytes: number;
}

/** The shares of a function's memory for the heap's old generation and each semi-space of the young one, as in Lambda's runtime. */
const OLD_GENERATION = 0.9;
const SEMI_SPACE = 0.05;

const PAGE_SIZE = 1000;

/** Runs the shipped Fetch in a separate process, with Lambda's heap limits, over a whole source. */
export async function measureFetchMemory(app: BenchApp, s3: S3Process, memoryMib: number, records: number): Promise<MemoryMeasurement> {
  const input = { pages: records / PAGE_SIZE, pageMilliseconds: 0 };
  const start: InitializeRequest = {
    input, executionArn: 'none', startTime: new Date().toISOString(), output: DEFAULT_OUTPUT,
    destination: { bucket: BUCKET, key: 'orders.jsonl', manifestKey: manifestKey('orders.jsonl') },
  };
  const { result: state } = await runInProcess(app.function(PAGE_SIZE, StateName.INITIALIZE), s3, memoryMib, start);
  const request: FetchRequest = { state, retryCount: 0, redriveCount: 0 };
  const { result, peakBytes } = await runInProcess(app.function(PAGE_SIZE, StateName.FETCH), s3, memoryMib, request);
  if (result.continue || result.records !== records) throw new Error(`Fetch has ${result.records} records instead of ${records}.`);
  await s3.clear(BUCKET);
  return { memoryMib, records, peakRssBytes: peakBytes };
}

async function runInProcess(
  { code, environment }: FunctionDefinition, s3: S3Process, memoryMib: number, event: object,
): Promise<{ readonly result: LoopState; readonly peakBytes: number }> {
  const { directory } = code as { readonly directory: string };
  const flags = [`--max-old-space-size=${share(memoryMib, OLD_GENERATION)}`, `--max-semi-space-size=${share(memoryMib, SEMI_SPACE)}`];
  const child = spawn(process.execPath, [...flags, join(__dirname, 'lambda-process.mts'), join(directory, BUNDLE_FILE)], {
    env: { ...s3.environment, ...environment, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMib) }, stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(event));
  const [output, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (exitCode !== 0) throw new Error(`The function ended with exit status ${exitCode}: see its messages above.`);
  return JSON.parse(output.trim().split('\n').at(-1)!);
}

function share(memoryMib: number, part: number): number {
  return Math.round(memoryMib * part);
}
