/**
 * The limits of AWS that this package respects, each with its source. All are hard unless said otherwise.
 */

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

/**
 * Largest input or output of a state or a task, in UTF-8 bytes. What a task is given as its parameters counts, constants included.
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export const STATE_PAYLOAD_BYTES = 256 * KIB;

/**
 * Largest definition of a state machine, in bytes.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
 */
export const STATE_MACHINE_DEFINITION_BYTES = MIB;

/** Events after which an execution of a standard workflow fails. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const EXECUTION_HISTORY_EVENTS = 25_000;

/** Longest name of an execution, in characters. https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
export const EXECUTION_NAME_CHARACTERS = 80;

/** Longest error cause of an execution, in characters. https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html */
export const ERROR_CAUSE_CHARACTERS = 32_768;

/** Days in which a failed execution can be redriven. https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html */
export const REDRIVE_WINDOW_DAYS = 14;

/** Longest run of a standard workflow, in days (one year). https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const EXECUTION_DAYS = 365;

/** Longest run of a Lambda invocation, in seconds. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const LAMBDA_TIMEOUT_SECONDS = 900;

/** Largest synchronous request or response of a Lambda function, in bytes. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const LAMBDA_PAYLOAD_BYTES = 6 * MIB;

/** Most bytes of a Lambda function's environment variables, names included. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const LAMBDA_ENVIRONMENT_BYTES = 4 * KIB;

/** Least memory of a Lambda function, in MiB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const LAMBDA_MIN_MEMORY_MIB = 128;

/** Most memory of a Lambda function, in MiB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const LAMBDA_MAX_MEMORY_MIB = 10_240;

/** Most parts of a multipart upload. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const UPLOAD_PARTS = 10_000;

/** Least size of a part that is not the last one, in bytes. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const PART_MIN_BYTES = 5 * MIB;

/** Largest part, in bytes, copied or uploaded. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const PART_MAX_BYTES = 5 * GIB;

/** Largest object, in bytes: as many of the largest parts as an upload may have, 48.8 TiB. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const OBJECT_MAX_BYTES = UPLOAD_PARTS * PART_MAX_BYTES;

/** Longest object key, in UTF-8 bytes. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
export const OBJECT_KEY_BYTES = 1024;

/** Most keys of one DeleteObjects request. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export const DELETE_KEYS = 1000;

/**
 * Most characters of all policies in a role, without white space.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const ROLE_POLICY_CHARACTERS = 10_240;

/** Most resources of a CloudFormation stack. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
export const STACK_RESOURCES = 500;

/** Largest template of a stack, in bytes, as the CDK counts it. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
export const STACK_TEMPLATE_BYTES = 1_000_000;
