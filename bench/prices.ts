/** List prices in US East (N. Virginia), in US dollars, without free tiers and discounts, as of November 2026. */
export const PRICES_READ = 'November 2026';

/** A state transition of a standard workflow. https://aws.amazon.com/step-functions/pricing/ */
export const PER_TRANSITION = 0.025 / 1000;

/** A gigabyte-second of a function on Arm, first tier. https://aws.amazon.com/lambda/pricing/ */
export const PER_GIGABYTE_SECOND = 0.0000133334;

/** An invocation. https://aws.amazon.com/lambda/pricing/ */
export const PER_INVOCATION = 0.2 / 1e6;

/** PUT, COPY, POST and LIST requests to S3 Standard. https://aws.amazon.com/s3/pricing/ */
export const PER_WRITE_REQUEST = 0.005 / 1000;

/** GET and all other requests to S3 Standard. https://aws.amazon.com/s3/pricing/ */
export const PER_READ_REQUEST = 0.0004 / 1000;

/** Requests that are free. https://aws.amazon.com/s3/pricing/ */
export const FREE_REQUESTS: readonly string[] = ['DeleteObject', 'AbortMultipartUpload'];

/** Requests at the price of reads. All others have the price of writes, the higher one, which also applies if the price list is unclear. */
export const READ_REQUESTS: readonly string[] = ['GetObject', 'HeadObject'];
