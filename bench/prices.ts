/** List prices in US East (N. Virginia), in US dollars, without free tiers and discounts. The preview uses some of them. */
export { PER_GIGABYTE_SECOND, PER_INVOCATION, PER_TRANSITION, PRICES_READ } from '../src/local/preview/prices';

/** PUT, COPY, POST and LIST requests to S3 Standard. https://aws.amazon.com/s3/pricing/ */
export const PER_WRITE_REQUEST = 0.005 / 1000;

/** GET and all other requests to S3 Standard. https://aws.amazon.com/s3/pricing/ */
export const PER_READ_REQUEST = 0.0004 / 1000;

/** Requests that are free. https://aws.amazon.com/s3/pricing/ */
export const FREE_REQUESTS: readonly string[] = ['DeleteObject', 'AbortMultipartUpload'];

/** Requests at the price of reads. All others have the price of writes, the higher one, which also applies if the price list is unclear. */
export const READ_REQUESTS: readonly string[] = ['GetObject', 'HeadObject'];
