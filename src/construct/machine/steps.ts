import { Duration } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { TASK_TIMEOUT_MARGIN_SECONDS } from '../../protocol/defaults';
import { FetchRequest, InitializeRequest } from '../../protocol/machine-state';
import { StateName } from '../../protocol/state-names';
import { retryFetch, retryStep } from './retries';

/** Path of the number of redrives in the context object. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
export const EXECUTION_REDRIVES = '$$.Execution.RedriveCount';

/** What the definition says of the destination. */
type DestinationSettings = Pick<InitializeRequest, 'destination' | 'output'>;

/** The start of an import: draws its id, or takes up the import that the input names. */
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

/** One round of the loop. */
export function fetchStep(scope: Construct, fn: lambda.Function): tasks.LambdaInvoke {
  const request: Payload<FetchRequest> = {
    state: sfn.JsonPath.objectAt('$'),
    retryCount: sfn.JsonPath.numberAt('$$.State.RetryCount'),
    redriveCount: sfn.JsonPath.numberAt(EXECUTION_REDRIVES),
  };
  const task = lambdaTask(scope, StateName.FETCH, fn, sfn.TaskInput.fromObject(request));
  retryFetch(task);
  return task;
}

/** Writes what the import has, for the states before publishing. Its output is their input. */
export function summarizeStep(scope: Construct, fn: lambda.Function): tasks.LambdaInvoke {
  const task = lambdaTask(scope, StateName.SUMMARIZE, fn);
  retryStep(task);
  return task;
}

/** Publishes the import, or a part of it when time runs short. */
export function persistStep(scope: Construct, fn: lambda.Function): tasks.LambdaInvoke {
  const task = lambdaTask(scope, StateName.PERSIST, fn);
  retryStep(task);
  return task;
}

/** Deletes the chunks. Its output is the import's result. */
export function cleanUpStep(scope: Construct, fn: lambda.Function): tasks.LambdaInvoke {
  const task = lambdaTask(scope, StateName.CLEAN_UP, fn);
  retryStep(task);
  return task;
}

/** A payload whose fields are taken from the state's input or from the context object. */
type Payload<Request> = { [Field in keyof Request]: unknown };

/** A Lambda task whose output is what the function returned, and nothing else: whatever else stays in the state adds up over the rounds. */
function lambdaTask(scope: Construct, id: string, fn: lambda.Function, payload?: sfn.TaskInput): tasks.LambdaInvoke {
  return tasks.LambdaInvoke.jsonPath(scope, id, {
    lambdaFunction: fn,
    payload: payload ?? sfn.TaskInput.fromJsonPathAt('$'),
    outputPath: '$.Payload',
    // Without a limit, an invocation whose end Step Functions never hears of would hold up the import until its timeout.
    taskTimeout: sfn.Timeout.duration(fn.timeout!.plus(Duration.seconds(TASK_TIMEOUT_MARGIN_SECONDS))),
    retryOnServiceExceptions: false,
  });
}
