import { JsonValue } from '../../protocol/json';
import { InvocationOutcome } from '../lambda/invocation';
import { LambdaApiError, LambdaService } from '../lambda/lambda-service';
import { StateError } from './state-error';
import { LAMBDA_FUNCTION_EVENTS, TASK_EVENTS, TaskIntegration } from './task-integration';

interface LambdaInvokeParameters {
  readonly FunctionName: string;
  readonly Payload?: JsonValue;
  readonly InvocationType?: string;
}

/** Lambda's name for a failure whose payload has no type. */
const UNKNOWN_ERROR = 'Lambda.Unknown';

/** `arn:aws:states:::lambda:invoke`. https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html */
export function lambdaInvoke(lambda: LambdaService): TaskIntegration {
  return {
    events: TASK_EVENTS,
    run: async (parameters) => {
      const { FunctionName, Payload = {}, InvocationType } = parameters as unknown as LambdaInvokeParameters;
      const invocation = invoke(lambda, FunctionName, Payload);
      if (InvocationType !== 'Event') return envelope(await invocation);
      invocation.catch(() => {});
      return { StatusCode: 202, Payload: '' };
    },
  };
}

/** A task whose resource is the function itself. Its result is the function's result. */
export function lambdaFunction(lambda: LambdaService, arn: string): TaskIntegration {
  return {
    events: LAMBDA_FUNCTION_EVENTS,
    run: async (parameters) => JSON.parse((await invoke(lambda, arn, parameters)).payload) as JsonValue,
  };
}

/** @throws StateError with the error and the cause that Step Functions reports */
async function invoke(lambda: LambdaService, nameOrArn: string, payload: JsonValue): Promise<InvocationOutcome> {
  const outcome = await lambda.invoke(nameOrArn, JSON.stringify(payload)).catch((error: unknown) => {
    throw error instanceof LambdaApiError ? new StateError(`Lambda.${error.name}`, error.message, { cause: error }) : error;
  });
  if (!outcome.failed) return outcome;
  const { errorType } = JSON.parse(outcome.payload) as { errorType?: string };
  throw new StateError(errorType ?? UNKNOWN_ERROR, outcome.payload);
}

function envelope({ payload, requestId }: InvocationOutcome): JsonValue {
  const headers = {
    'Connection': ['keep-alive'],
    'Content-Length': [String(Buffer.byteLength(payload))],
    'Content-Type': ['application/json'],
    'Date': [new Date().toUTCString()],
    'X-Amz-Executed-Version': ['$LATEST'],
    'x-amzn-Remapped-Content-Length': ['0'],
    'x-amzn-RequestId': [requestId],
  };
  return {
    ExecutedVersion: '$LATEST',
    Payload: JSON.parse(payload) as JsonValue,
    SdkHttpMetadata: {
      AllHttpHeaders: headers,
      HttpHeaders: Object.fromEntries(Object.entries(headers).map(([name, [value]]) => [name, value!])),
      HttpStatusCode: 200,
    },
    SdkResponseMetadata: { RequestId: requestId },
    StatusCode: 200,
  };
}
