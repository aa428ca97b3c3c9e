import { Token } from 'aws-cdk-lib';
import { ObjectTag } from '../../protocol/output-settings';
import { refusal } from '../base/validation';

/** What S3 allows. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
const MOST_TAGS = 10;
const KEY_CHARACTERS = 128;
const VALUE_CHARACTERS = 256;
const RESERVED_PREFIX = 'aws:';
const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * The tags of the published objects. Only literals are looked at: a token's value is known at deployment.
 *
 * @param where the factory that they were given to
 * @throws Error for tags that S3 would refuse when the import is published
 */
export function checkedTags(where: string, given: { readonly [key: string]: string } = {}): ObjectTag[] {
  const tags = Object.entries(given).map(([key, value]) => ({ key, value }));
  if (tags.length > MOST_TAGS) throw refusal(where, 'tags', `has ${tags.length} tags, and S3 allows ${MOST_TAGS} for an object`, `at most ${MOST_TAGS}`);
  tags.forEach((tag) => checkTag(where, tag));
  return tags;
}

function checkTag(where: string, { key, value }: ObjectTag): void {
  const refuse = (problem: string, remedy: string): Error => refusal(where, 'tags', problem, remedy);
  if (key === '') throw refuse('has a tag without a name', 'a name of at least 1 character');
  if (key.toLowerCase().startsWith(RESERVED_PREFIX)) throw refuse(`has '${key}', and names that begin with ${RESERVED_PREFIX} are AWS's own`, 'another name');
  checkText(where, `the name '${key}'`, key, KEY_CHARACTERS);
  checkText(where, `a value of '${key}'`, value, VALUE_CHARACTERS);
}

function checkText(where: string, what: string, text: string, most: number): void {
  if (Token.isUnresolved(text)) return;
  const characters = [...text].length;
  if (characters > most) throw refusal(where, 'tags', `has ${what} of ${characters} characters, more than S3's ${most}`, `at most ${most}`);
  if (!CHARACTERS.test(text)) {
    throw refusal(where, 'tags', `has ${what} with a character that S3 takes in no tag`, 'letters, digits, spaces, and any of _ . : / = + - @');
  }
}
