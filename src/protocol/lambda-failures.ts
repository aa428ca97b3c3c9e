/**
 * What Lambda answers instead of running a function, by the names of its API: every error of Invoke is in one of these lists.
 * Step Functions reports them as `Lambda.<name>`. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */

/**
 * The function cannot run yet. A function that nobody has called for weeks goes to sleep: the first call wakes it up and is answered so,
 * as are all others until it is active again, a minute or two later. https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
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
  // All that may run at the same time are running.
  'TooManyRequestsException',
  'EC2ThrottledException',
] as const;

/** These pass by themselves, too, but more time helps less often. */
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

/** The function, its role, its key or its network is set up wrongly, or the request is: waiting does not help. */
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
 * Names that Step Functions has for calls of Lambda that came to nothing on their way.
 * https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
 */
const FAILED_CALLS = ['Lambda.AWSLambdaException', 'Lambda.SdkClientException', 'Lambda.ClientExecutionTimeoutException'];

/** A failure of Invoke as Step Functions reports it. */
export function asStepFunctionsReports(name: string): string {
  return `Lambda.${name}`;
}

/** All that passes by itself, as Step Functions reports it. */
export const PASSING_LAMBDA_ERRORS: readonly string[] = [
  ...FAILED_CALLS, ...[...NOT_READY_FAILURES, ...OTHER_PASSING_FAILURES].map(asStepFunctionsReports),
];

/** All that does not, as Step Functions reports it. */
export const LASTING_LAMBDA_ERRORS: readonly string[] = LASTING_FAILURES.map(asStepFunctionsReports);
