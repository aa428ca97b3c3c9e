import { refusal } from './validation';

/** What people copy from the console, with the bucket before the key. */
const ADDRESSES: readonly (readonly [RegExp, string])[] = [
  [/^s3:\/\/[^/]*\/?/i, 'a URL'],
  [/^arn:[^:]*:s3:[^:]*:[^:]*:[^/]*\/?/i, 'an ARN'],
];

/** In other URLs, it is unknown where the key begins. */
const OTHER_URL = /^[a-z][a-z0-9+.-]*:\/\//i;

/**
 * Refuses an address instead of a key: S3 would use all of it as the key.
 *
 * @param example a key to suggest if the address has none
 */
export function refuseAddress(where: string, property: string, key: string, example: string): void {
  for (const [bucket, what] of ADDRESSES) {
    if (!bucket.test(key)) continue;
    const rest = key.replace(bucket, '');
    throw refusal(where, property, `'${key}' is ${what}`, rest === '' ? `'${example}'` : `what follows the bucket, '${rest}',`);
  }
  if (OTHER_URL.test(key)) throw refusal(where, property, `'${key}' is a URL`, `'${example}'`);
}
