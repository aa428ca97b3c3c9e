import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FunctionDefinition } from '../../../src/local/lambda/function-definition';
import { FunctionLogLine, InvocationOutcome } from '../../../src/local/lambda/invocation';
import { LocalFunction } from '../../../src/local/lambda/local-function';

/** Functions made of the files that a test writes, closed and removed after each test. */
export function localFunctions(): (files: Record<string, string>, definition?: Partial<FunctionDefinition>) => Promise<TestedFunction> {
  // Threads start slowly on a busy computer.
  jest.setTimeout(60_000);
  const cleanUps: (() => Promise<void>)[] = [];
  afterEach(async () => {
    await Promise.all(cleanUps.splice(0).map(async (cleanUp) => cleanUp()));
  });
  return async (files, definition = {}) => {
    const directory = await mkdtemp(join(tmpdir(), 'local-function-'));
    await Promise.all(Object.entries(files).map(async ([file, content]) => writeTo(join(directory, file), content)));
    const tested = new TestedFunction({ ...DEFINITION, code: { directory }, ...definition });
    cleanUps.push(async () => {
      await tested.lambda.close();
      await rm(directory, { recursive: true });
    });
    return tested;
  };
}

export const DEFINITION = {
  name: 'Orders-Fetch',
  arn: 'arn:aws:lambda:us-east-1:123456789012:function:Orders-Fetch',
  region: 'us-east-1',
  runtime: 'nodejs24.x',
  handler: 'index.handler',
  timeoutSeconds: 10,
  memoryMegabytes: 128,
  environment: {},
};

export class TestedFunction {
  readonly lines: FunctionLogLine[] = [];
  readonly lambda: LocalFunction;

  constructor(definition: FunctionDefinition) {
    this.lambda = new LocalFunction(definition, {
      endpoints: { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' },
      onLine: (line) => this.lines.push(line),
    });
  }

  async outcome(payload: unknown = {}): Promise<InvocationOutcome> {
    return this.lambda.invoke(JSON.stringify(payload));
  }

  async result<T>(payload: unknown = {}): Promise<T> {
    const outcome = await this.outcome(payload);
    expect(outcome).toMatchObject({ failed: false });
    return JSON.parse(outcome.payload) as T;
  }

  async error(payload: unknown = {}): Promise<{ errorType: string; errorMessage: string; trace?: string[]; requestId: string }> {
    const outcome = await this.outcome(payload);
    expect(outcome).toMatchObject({ failed: true });
    return { requestId: outcome.requestId, ...JSON.parse(outcome.payload) };
  }
}

/** Tries an expectation until it holds: lines of a thread's output come when they come. */
export async function eventually(expectation: () => void): Promise<void> {
  for (let attempts = 0; attempts < 100; attempts++) {
    try {
      return expectation();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  expectation();
}

async function writeTo(file: string, content: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}
