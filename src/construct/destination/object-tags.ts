import { Token } from 'aws-cdk-lib';
import { OBJECT_TAGS, TAG_KEY_CHARACTERS, TAG_VALUE_CHARACTERS } from '../../protocol/limits';
import { ObjectTag } from '../../protocol/output-settings';
import { refusal } from '../base/validation';

/** Limits of S3. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
const RESERVED_PREFIX = 'aws:';
const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * The tags of the published objects. Only literals are checked: tokens get their value at deployment.
 *
 * @param where the factory that received them
 * @throws Error for tags that S3 would refuse when the import is published
 */
export function checkedTags(where: string, given: { readonly [key: string]: string } = {}): ObjectTag[] {
  const tags = Object.entries(given).map(([key, value]) => ({ key, value }));
  if (tags.length > OBJECT_TAGS) throw refusal(where, 'tags', `has ${tags.length} tags, and S3 allows ${OBJECT_TAGS} for an object`, `at most ${OBJECT_TAGS}`);
  tags.forEach((tag) => checkTag(where, tag));
  return tags;
}

function checkTag(where: string, { key, value }: ObjectTag): void {
  const refuse = (problem: string, remedy: string): Error => refusal(where, 'tags', problem, remedy);
  if (key === '') throw refuse('has a tag without a name', 'a name of at least 1 character');
  if (key.toLowerCase().startsWith(RESERVED_PREFIX)) throw refuse(`has '${key}', and names that begin with ${RESERVED_PREFIX} are reserved for AWS`, 'another name');
  checkText(where, `the name '${key}'`, key, TAG_KEY_CHARACTERS);
  checkText(where, `a value of '${key}'`, value, TAG_VALUE_CHARACTERS);
}

function checkText(where: string, what: string, text: string, max: number): void {
  if (Token.isUnresolved(text)) return;
  const characters = [...text].length;
  if (characters > max) throw refusal(where, 'tags', `has ${what} of ${characters} characters, more than S3's ${max}`, `at most ${max}`);
  if (!CHARACTERS.test(text)) {
    throw refusal(where, 'tags', `has ${what} with a character that S3 does not allow in tags`, 'letters, digits, spaces, and any of _ . : / = + - @');
  }
}
