import { Token, Tokenization } from 'aws-cdk-lib';
import { DESTINATION_PLACEHOLDERS, literalPrefix, placeholdersIn, resolveDestinationKey, unknownPlaceholders } from '../../protocol/destination-key';
import { EXECUTION_NAME_CHARACTERS, OBJECT_KEY_BYTES } from '../../protocol/limits';
import { isNamedAsManifest, manifestKey, recordsKey } from '../../protocol/manifest';
import { OutputSettings } from '../../protocol/output-settings';
import { refuseAddress } from '../base/s3-address';
import { refusal } from '../base/validation';
import { mayBeSameKey } from './same-key';

/** Keys and prefixes of destinations. Only literal parts are checked: tokens get their value at deployment. */

/** Examples for messages. */
export const EXAMPLE_KEY = 'orders/{date}/{importId}.jsonl';
export const EXAMPLE_PREFIX = 'orders/{date}/{importId}';
export const EXAMPLE_LATEST_KEY = 'orders/_latest.json';
export const EXAMPLE_MANIFEST_KEY = 'manifests/{date}/{importId}.json';

/** A key or prefix as given. */
interface GivenKey {
  /** The factory that received it. */
  readonly where: string;
  readonly property: string;
  readonly key: string;
}

/**
 * Refuses an invalid object key.
 *
 * @param where the factory that received it
 */
export function checkDestinationKey(where: string, key: string): void {
  const given = { where, property: 'key', key };
  checkStart(given, EXAMPLE_KEY);
  if (key.endsWith('/')) {
    throw refusal(where, 'key', `'${key}' ends with a slash, which makes an object without a name`,
      `a key such as '${key}orders.jsonl', or ImportDestination.toPrefix for one object per chunk,`);
  }
  if (isNamedAsManifest(key)) {
    throw refusal(where, 'key', `'${key}' is named like a manifest, and another import's manifest may have the same key`, 'a name without the underscore before it');
  }
  checkPlaceholders(given);
  checkLength(given);
}

/**
 * The key of an object's manifest.
 *
 * @param given the given manifest key, if any
 * @throws Error if the given key is invalid or does not match the object's key
 */
export function checkedManifestKey(where: string, key: string, given: string | undefined): string {
  if (given === undefined) {
    const beside = manifestKey(key);
    checkLength({ where, property: 'key', key: beside }, 'with the manifest\'s suffix');
    return beside;
  }
  const property = 'manifestKey';
  checkStart({ where, property, key: given }, EXAMPLE_MANIFEST_KEY);
  if (given === key) throw refusal(where, property, `'${given}' is the key of the object itself`, 'another key');
  if (given.endsWith('/')) throw refusal(where, property, `'${given}' ends with a slash`, `a key such as '${given}orders.json'`);
  checkPlaceholders({ where, property, key: given });
  checkSamePlaceholders(where, key, given);
  checkDifferentKeys(where, key, given);
  checkLength({ where, property, key: given });
  return given;
}

/** Each object needs exactly one manifest and vice versa: both show which import is newer. */
function checkSamePlaceholders(where: string, key: string, given: string): void {
  const [ofKey, ofManifest] = [key, given].map((each) => [...new Set(literalsOf(each).flatMap(placeholdersIn))].sort());
  if (String(ofKey) === String(ofManifest)) return;
  const names = ofKey!.length === 0 ? 'no placeholder' : ofKey!.map((name) => `{${name}}`).join(', ');
  throw refusal(where, 'manifestKey', `'${given}' has different placeholders than the key '${key}', so imports would share one of the two but not the other`,
    `one with ${names}, as in the key,`);
}

/** Otherwise one import could replace the manifest of another. */
function checkDifferentKeys(where: string, key: string, given: string): void {
  if (Token.isUnresolved(key) || Token.isUnresolved(given) || !mayBeSameKey(key, given)) return;
  throw refusal(where, 'manifestKey', `'${given}' may be the key '${key}' of another execution's object, depending on the executions' names`,
    `a manifest key in a folder of its own, such as '${EXAMPLE_MANIFEST_KEY}',`);
}

/**
 * The prefix of several objects, with a trailing slash.
 *
 * @throws Error if it is invalid
 */
export function checkedDestinationPrefix(where: string, prefix: string, output: OutputSettings): string {
  const given = { where, property: 'prefix', key: prefix };
  checkStart(given, EXAMPLE_PREFIX);
  checkPlaceholders(given);
  if (!literalsOf(prefix).some((literal) => literal.includes('{importId}'))) {
    throw refusal(where, 'prefix', `'${prefix}' has no {importId}, without which the objects of two imports would mix`,
      `'${prefix.replace(/\/?$/, '/{importId}/')}'`);
  }
  const withSlash = prefix.replace(/\/?$/, '/');
  for (const published of [recordsKey(withSlash, output), manifestKey(withSlash, output.layout)]) {
    checkLength({ ...given, key: published }, 'with the names of the objects below it');
  }
  return withSlash;
}

/** Refuses an invalid key for the pointer to the newest import. */
export function checkLatestKey(where: string, key: string): void {
  const given = { where, property: 'latestKey', key };
  checkStart(given, EXAMPLE_LATEST_KEY);
  if (literalsOf(key).some((literal) => /[{}]/.test(literal))) {
    throw refusal(where, 'latestKey', `'${key}' has a placeholder or a brace, and must be the same for every import`, 'a key without braces');
  }
  checkLength(given);
}

/** The text before the first placeholder, tokens included: all keys of the template start with it. */
export function literalStart(key: string): string {
  let start = '';
  for (const piece of pieces(key)) {
    const fixed = Token.isUnresolved(piece) ? piece : literalPrefix(piece);
    start += fixed;
    if (fixed !== piece) break;
  }
  return start;
}

/** The folder that contains all keys of the template, with a trailing slash; empty for the whole bucket. */
export function literalFolder(key: string): string {
  return literalStart(key).replace(/[^/]*$/, '');
}

/** The extension of a key, such as `.jsonl.gz`; empty if it has none, `undefined` if a token hides it. */
export function extensionOf(key: string): string | undefined {
  const last = pieces(key).at(-1)!;
  return Token.isUnresolved(last) ? undefined : /(\.[^./{}]+)*$/.exec(last)![0].toLowerCase();
}

/** A pattern for permissions that covers all keys of a template. */
export function patternOf(key: string): string {
  const start = literalStart(key);
  return start === key ? key : `${start}*`;
}

/** Whether one pattern covers another. Only literals can be compared; if in doubt, it does not. */
export function isCovered(pattern: string, by: string): boolean {
  return pattern === by || (by.endsWith('*') && pattern.startsWith(by.slice(0, -1)));
}

/** A string's literal pieces and its tokens, in order. */
function pieces(text: string): string[] {
  const flattened: unknown = Tokenization.reverseString(text).join({ join: (left, right) => [left, right].flat() });
  return [flattened].flat() as string[];
}

function literalsOf(text: string): string[] {
  return pieces(text).filter((piece) => !Token.isUnresolved(piece));
}

function checkStart({ where, property, key }: GivenKey, example: string): void {
  const refuse = (problem: string, remedy: string): Error => refusal(where, property, problem, remedy);
  if (key === '') throw refuse('is empty', `a ${property === 'prefix' ? 'prefix' : 'key'} such as '${example}'`);
  refuseAddress(where, property, key, example);
  if (key.startsWith('/')) throw refuse(`'${key}' starts with a slash, which S3 treats as an empty folder name`, `'${key.replace(/^\/+/, '') || example}'`);
  if (literalsOf(key).some((literal) => /[*?]/.test(literal))) {
    throw refuse(`'${key}' contains * or ?, which are wildcards in permissions`, 'one without them');
  }
}

function checkPlaceholders({ where, property, key }: GivenKey): void {
  const refuse = (problem: string, remedy: string): Error => refusal(where, property, problem, remedy);
  const literals = literalsOf(key);
  const unknown = literals.flatMap(unknownPlaceholders);
  if (unknown.length > 0) throw refuse(`has the unknown placeholder {${unknown[0]}}`, `one of ${placeholders()}`);
  if (literals.some(hasLoneBrace)) throw refuse(`'${key}' has a brace outside a placeholder`, `${placeholders()} for placeholders, and no other braces`);
}

/**
 * Refuses a key that may be too long once its placeholders are filled in.
 *
 * @param withWhat what was added to the given key, for the message; empty for nothing
 */
function checkLength({ where, property, key }: GivenKey, withWhat: string = ''): void {
  const bytes = bytesOf(longestResolved(literalsOf(key).join('')));
  if (bytes <= OBJECT_KEY_BYTES) return;
  throw refusal(where, property, `makes keys of ${bytes} bytes${withWhat && ` ${withWhat}`}, more than S3's ${OBJECT_KEY_BYTES}`,
    `one that is ${bytes - OBJECT_KEY_BYTES} bytes shorter`);
}

function longestResolved(template: string): string {
  return resolveDestinationKey(template, {
    importId: '00000000-0000-0000-0000-000000000000',
    executionName: 'x'.repeat(EXECUTION_NAME_CHARACTERS),
    startTime: new Date(0),
  });
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

function placeholders(): string {
  return DESTINATION_PLACEHOLDERS.map((name) => `{${name}}`).join(', ');
}

function hasLoneBrace(literal: string): boolean {
  return /[{}]/.test(literal.replace(/\{[^{}]*\}/g, ''));
}
