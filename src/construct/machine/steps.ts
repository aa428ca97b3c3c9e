import { Duration } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { TASK_TIMEOUT_MARGIN_SECONDS } from '../../protocol/defaults';
import { SummarizeRequest } from '../../protocol/import-summary';
import { DestinationSettings, FetchRequest, InitializeRequest, PersistRequest } from '../../protocol/machine-state';
import { StateName } from '../../protocol/state-names';
import { retryFetch, retryStep } from './retries';

/** Path of the number of redrives in the context object. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
export const EXECUTION_REDRIVES = '$$.Execution.RedriveCount';

/** The start of an import: generates its id, or resumes the import that the input names. */
export function initializeStep(scope: Construct, fn: lambda.Function, destination: DestinationSettings): tasks.LambdaInvoke {
  const request: Payload<InitializeRequest> = {
    input: sfn.JsonPath.objectAt('$'),
    executionArn: sfn.JsonPath.stringAt('$$.Execution.Id'),
    startTime: sfn.JsonPath.stringAt('$$.Execution.StartTime'),
    ...destination,
  };
  const task = lambdaTask(scope, StateName.INITIALIZE, fn, sfn.TaskInput.fromObject(request));
  retryStep(task);
  return task;
}

/**
 * One round of the loop.
 *
 * @param source settings of a source without code, as JSON text
 */
export function fetchStep(scope: Construct, fn: lambda.Function, source: string | undefined): tasks.LambdaInvoke {
  const request: Payload<FetchRequest> = {
    state: sfn.JsonPath.objectAt('$'),
    retryCount: sfn.JsonPath.numberAt('$$.State.RetryCount'),
    redriveCount: sfn.JsonPath.numberAt(EXECUTION_REDRIVES),
    ...source === undefined ? {} : { source },
  };
  const task = lambdaTask(scope, StateName.FETCH, fn, sfn.TaskInput.fromObject(request));
  retryFetch(task);
  return task;
}

/** Writes a summary for the states before publishing. Its output is their input. */
export function summarizeStep(scope: Construct, fn: lambda.Function, destination: DestinationSettings): tasks.LambdaInvoke {
  const task = lambdaTask(scope, StateName.SUMMARIZE, fn, publishRequest(destination));
  retryStep(task);
  return task;
}

/** Publishes the import, or part of it if time runs short. */
export function persistStep(scope: Construct, fn: lambda.Function, destination: DestinationSettings): tasks.LambdaInvoke {
  const task = lambdaTask(scope, StateName.PERSIST, fn, publishRequest(destination));
  retryStep(task);
  return task;
}

/** Deletes the chunks. Its output is the import's result. */
export function cleanUpStep(scope: Construct, fn: lambda.Function): tasks.LambdaInvoke {
  const task = lambdaTask(scope, StateName.CLEAN_UP, fn);
  retryStep(task);
  return task;
}

/** Which import to publish, and where imports may be published: the definition decides, not the cache. */
function publishRequest(destination: DestinationSettings): sfn.TaskInput {
  const request: Payload<PersistRequest & SummarizeRequest> = { importId: sfn.JsonPath.stringAt('$.importId'), ...destination };
  return sfn.TaskInput.fromObject(request);
}

/** A payload whose fields come from the state's input or the context object. */
type Payload<Request> = { [Field in keyof Request]: unknown };

/** A Lambda task whose output is only the function's result: anything else would accumulate in the state over the rounds. */
function lambdaTask(scope: Construct, id: string, fn: lambda.Function, payload?: sfn.TaskInput): tasks.LambdaInvoke {
  return tasks.LambdaInvoke.jsonPath(scope, id, {
    lambdaFunction: fn,
    payload: payload ?? sfn.TaskInput.fromJsonPathAt('$'),
    outputPath: '$.Payload',
    // Without a timeout, an invocation whose end Step Functions misses would block the import until its own timeout.
    taskTimeout: sfn.Timeout.duration(fn.timeout!.plus(Duration.seconds(TASK_TIMEOUT_MARGIN_SECONDS))),
    retryOnServiceExceptions: false,
  });
}
