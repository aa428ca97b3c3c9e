import { refusal } from './validation';

/** What people copy from a console, with the bucket before the key. */
const ADDRESSES: readonly (readonly [RegExp, string])[] = [
  [/^s3:\/\/[^/]*\/?/i, 'a URL'],
  [/^arn:[^:]*:s3:[^:]*:[^:]*:[^/]*\/?/i, 'an ARN'],
];

/** Of these it is not known where the key begins. */
const OTHER_URL = /^[a-z][a-z0-9+.-]*:\/\//i;

/**
 * Refuses an address where a key is due: S3 would take all of it for the key.
 *
 * @param example a key, for one whose address has none
 */
export function refuseAddress(where: string, property: string, key: string, example: string): void {
  for (const [bucket, what] of ADDRESSES) {
    if (!bucket.test(key)) continue;
    const rest = key.replace(bucket, '');
    throw refusal(where, property, `'${key}' is ${what}`, rest === '' ? `'${example}'` : `what follows the bucket, '${rest}',`);
  }
  if (OTHER_URL.test(key)) throw refusal(where, property, `'${key}' is a URL`, `'${example}'`);
}
