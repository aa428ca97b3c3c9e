/**
 * The errors of Lambda's Invoke, by their names in its API. Each is in one of these lists. Step Functions reports them as `Lambda.<name>`.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */

/**
 * The function cannot run yet. A function that has been idle for weeks becomes inactive. The first call wakes it up, and fails like this,
 * as do all others until it is active again, a minute or two later. https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
 */
export const NOT_READY_FAILURES = [
  'CodeArtifactUserPendingException',
  'CodeArtifactUserDeletedException',
  'ResourceNotReadyException',
  'ENINotReadyException',
  'SnapStartNotReadyException',
  'SnapStartRegenerationFailureException',
  // While the function is being updated.
  'ResourceConflictException',
  // The concurrency limit is reached.
  'TooManyRequestsException',
  'EC2ThrottledException',
] as const;

/** Transient too, but waiting helps less often. */
export const OTHER_PASSING_FAILURES = [
  'ServiceException',
  'SnapStartTimeoutException',
  'EC2UnexpectedException',
  'ENILimitReachedException',
  'SubnetIPAddressLimitReachedException',
  'EFSIOException',
  'EFSMountTimeoutException',
  'S3FilesMountTimeoutException',
] as const;

/** The function, its role, key or network is misconfigured, or the request is invalid: waiting does not help. */
export const LASTING_FAILURES = [
  'CodeArtifactUserFailedException',
  'DurableExecutionAlreadyStartedException',
  'EC2AccessDeniedException',
  'EFSMountConnectivityException',
  'EFSMountFailureException',
  'InvalidParameterValueException',
  'InvalidRequestContentException',
  'InvalidRuntimeException',
  'InvalidSecurityGroupIDException',
  'InvalidSubnetIDException',
  'InvalidZipFileException',
  'KMSAccessDeniedException',
  'KMSDisabledException',
  'KMSInvalidStateException',
  'KMSNotFoundException',
  'ModeNotSupportedException',
  'NoPublishedVersionException',
  'RecursiveInvocationException',
  'RequestTooLargeException',
  'ResourceNotFoundException',
  'S3FilesMountConnectivityException',
  'S3FilesMountFailureException',
  'SerializedRequestEntityTooLargeException',
  'ServiceQuotaExceededException',
  'SnapStartException',
  'UnsupportedMediaTypeException',
] as const;

/**
 * Step Functions' own names for calls that did not reach Lambda or got no answer.
 * https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
 */
const FAILED_CALLS = ['Lambda.AWSLambdaException', 'Lambda.SdkClientException', 'Lambda.ClientExecutionTimeoutException'];

/** A failure of Invoke as Step Functions reports it. */
export function asStepFunctionsReports(name: string): string {
  return `Lambda.${name}`;
}

/** All transient failures, as Step Functions reports them. */
export const PASSING_LAMBDA_ERRORS: readonly string[] = [
  ...FAILED_CALLS, ...[...NOT_READY_FAILURES, ...OTHER_PASSING_FAILURES].map(asStepFunctionsReports),
];

/** All lasting failures, as Step Functions reports them. */
export const LASTING_LAMBDA_ERRORS: readonly string[] = LASTING_FAILURES.map(asStepFunctionsReports);
