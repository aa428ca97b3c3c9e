/**
 * `cdk-paginated-import/local`: runs synthesized imports on this computer, for tests and trials.
 */
export { AssemblyError } from './assembly/assembly-error';
export { Fault } from './faults/fault';
export type {
  FaultEffect, FaultOptions, HangOptions, RepeatedTokenOptions, ServerErrorOptions, TooManyRequestsOptions,
} from './faults/fault';
export type { InjectedFault } from './faults/fault-plan';
export { LocalCloud } from './local-cloud';
export type { LocalCloudOptions } from './local-cloud';
export { importProgress } from './import-progress';
export type { ImportProgress } from '../protocol/import-progress';
export { ProgressLine } from './progress-line';
export type { ProgressOutput } from './progress-line';
export type { FunctionOverrides } from './assembly/functions';
export type { Replacement } from './lambda/replacement-function';
export type { FunctionLogLine } from './lambda/invocation';
export type { ExecutionEvent } from './state-machine/history';
export type { ExecutionResult } from './state-machine/execution-result';
export type { Execution, RedriveOptions } from './state-machine/execution';
export type { StartOptions } from './state-machine/state-machine-service';
export type { TaskReplacement } from './state-machine/task-resources';
export type { LocalObject, LocalS3 } from './s3/local-s3';
export type { InterceptedRequest, Interceptor, Intervention } from './s3/interceptor';
export type { OperationTraffic } from './s3/traffic';
