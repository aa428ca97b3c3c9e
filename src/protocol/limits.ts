/** The AWS limits that this package respects, each with its source. All are hard limits. */

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

/**
 * Largest input or output of a state or a task, in UTF-8 bytes. A task's parameters count, constants included.
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export const STATE_PAYLOAD_BYTES = 256 * KIB;

/**
 * Largest definition of a state machine, in bytes.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
 */
export const STATE_MACHINE_DEFINITION_BYTES = MIB;

/** Maximum events in the history of a standard workflow's execution. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
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

/** Maximum response that Lambda accepts, in bytes: its own error message names 100 more than its quotas do. */
export const LAMBDA_RESPONSE_BYTES = LAMBDA_PAYLOAD_BYTES + 100;

/**
 * Maximum bytes of a Lambda function's environment variables, names included.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const LAMBDA_ENVIRONMENT_BYTES = 4 * KIB;

/** Minimum memory of a Lambda function, in MiB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const LAMBDA_MIN_MEMORY_MIB = 128;

/** Maximum memory of a Lambda function, in MiB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const LAMBDA_MAX_MEMORY_MIB = 10_240;

/** Maximum parts of a multipart upload. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const UPLOAD_PARTS = 10_000;

/** Minimum size of a part, except the last one, in bytes. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const PART_MIN_BYTES = 5 * MIB;

/** A range can be copied only from an object larger than this, in bytes. https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html */
export const RANGE_SOURCE_MIN_BYTES = 5 * MIB;

/** Largest part, in bytes, copied or uploaded. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const PART_MAX_BYTES = 5 * GIB;

/**
 * Largest object, in bytes: the maximum parts at their maximum size, 48.8 TiB.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
 */
export const OBJECT_MAX_BYTES = UPLOAD_PARTS * PART_MAX_BYTES;

/** Longest object key, in UTF-8 bytes. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
export const OBJECT_KEY_BYTES = 1024;

/**
 * Maximum keys, parts or uploads per page of a listing.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
 */
export const LISTING_PAGE = 1000;

/** Maximum tags of an object. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
export const OBJECT_TAGS = 10;

/** Maximum length of an object tag's name, in characters. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
export const TAG_KEY_CHARACTERS = 128;

/** Maximum length of an object tag's value, in characters. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
export const TAG_VALUE_CHARACTERS = 256;

/** Maximum keys per DeleteObjects request. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export const DELETE_KEYS = 1000;

/**
 * Maximum characters of all policies of a role, without white space.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const ROLE_POLICY_CHARACTERS = 10_240;

/** Maximum length of a log group's name, in characters. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html */
export const LOG_GROUP_NAME_CHARACTERS = 512;

/** Maximum resources of a CloudFormation stack. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
export const STACK_RESOURCES = 500;

/** Largest template of a stack, in bytes, as the CDK counts it. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
export const STACK_TEMPLATE_BYTES = 1_000_000;
