/** The thread that runs a Lambda function's code. A separate file, since a thread starts from a file. */
import { parentPort, workerData } from 'node:worker_threads';
import { offerFaultyHandlers } from './faults/faulty-module.ts';
import { functionErrorOf, LambdaErrorType, namedError } from './lambda/function-error.ts';
import { loadHandler } from './lambda/handler-module.ts';
import type { Handler } from './lambda/handler-module.ts';
import type { SandboxMessage, SandboxRequest, SandboxSetup } from './lambda/sandbox-messages.ts';

/** From this Node.js runtime on, Lambda refuses handlers with a callback, and leaves uncaught errors to Node.js. */
const NEW_RUNTIME = 24;

/** Turns of the event loop in which code may still end the process after its handler failed. On Lambda there are none. */
const TURNS_TO_END = 4;

const setup = workerData as SandboxSetup;
const isNewRuntime = Number(/\d+/.exec(setup.runtime)?.[0]) >= NEW_RUNTIME;

/** Saved before the function's code is loaded, which may replace them. */
const OUTPUTS = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write.bind(stream) }));

/** Flushes all output first: the thread may be terminated as soon as the message arrives. */
async function say(message: SandboxMessage): Promise<void> {
  const open = OUTPUTS.filter(({ stream }) => stream.writable);
  await Promise.all(open.map(async ({ write }) => new Promise<void>((resolve) => write('', () => resolve()))));
  parentPort!.postMessage(message);
}

function withoutCallback(handler: Handler): (event: unknown, context: object) => unknown {
  if (handler.length < 3) return handler;
  if (isNewRuntime) {
    throw namedError(LambdaErrorType.CALLBACK_HANDLER, `Handlers with a callback do not run on ${setup.runtime}. Return a promise instead.`);
  }
  return async (event, context) => new Promise((resolve, reject) => {
    const returned = handler(event, context, (error, result) => error ? reject(error as Error) : resolve(result));
    if (returned instanceof Promise) returned.then(resolve, reject);
  });
}

/** The context object. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
function contextOf({ requestId, functionArn, deadline }: SandboxRequest): object {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    awsRequestId: requestId,
    invokedFunctionArn: functionArn,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

function stringify(result: unknown): string {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch {
    throw namedError(LambdaErrorType.STRINGIFY, 'Unable to stringify response body');
  }
}

function crash(error: unknown): void {
  void say({ kind: 'crashed', error: functionErrorOf(error) });
}

/**
 * Lambda's runtime reports a failure before the code can do much else. Here that takes longer: if the code ends the process meanwhile, the
 * failure is still reported.
 */
async function fail(error: unknown): Promise<void> {
  const reported = functionErrorOf(error);
  const crashed = (): void => parentPort!.postMessage({ kind: 'crashed', error: reported } satisfies SandboxMessage);
  process.once('exit', crashed);
  for (let turn = 0; turn < TURNS_TO_END; turn++) await new Promise((resolve) => { setImmediate(resolve); });
  await say({ kind: 'failed', error: reported });
  process.off('exit', crashed);
}

if (!isNewRuntime) {
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', (reason) => crash(namedError(LambdaErrorType.UNHANDLED_REJECTION, String(reason))));
}

async function main(): Promise<void> {
  if (setup.faultDesk) offerFaultyHandlers(setup.faultDesk);
  const handler = withoutCallback(await loadHandler(setup.codeDirectory, setup.handler));
  parentPort!.on('message', (request: SandboxRequest) => {
    void (async () => handler(JSON.parse(request.payload), contextOf(request)))()
      .then(async (result) => say({ kind: 'response', payload: stringify(result) }))
      .catch(fail);
  });
  await say({ kind: 'ready' });
}

main().catch(async (error: unknown) => say({ kind: 'not-ready', error: functionErrorOf(error) }));
