import { LAMBDA_PAYLOAD_BYTES } from '../../protocol/limits';

/** Largest payload of a synchronous request, in bytes. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const REQUEST_BYTES = LAMBDA_PAYLOAD_BYTES;

/** Largest payload of a response, in bytes: Lambda's own message about it names 100 more than its quotas do. */
export const RESPONSE_BYTES = LAMBDA_PAYLOAD_BYTES + 100;
