import { Token, Tokenization } from 'aws-cdk-lib';
import { DESTINATION_PLACEHOLDERS, literalPrefix, resolveDestinationKey, unknownPlaceholders } from '../protocol/destination-key';
import { EXECUTION_NAME_CHARACTERS, OBJECT_KEY_BYTES } from '../protocol/limits';
import { manifestKey } from '../protocol/manifest';
import { refusal } from './validation';

/**
 * Refuses a destination key that cannot be right. Only its literal pieces are looked at: a token's value is known at deployment.
 *
 * @param where the factory that the key was given to
 */
export function checkDestinationKey(where: string, key: string): void {
  const refuse = (problem: string, remedy: string): Error => refusal(where, 'key', problem, remedy);
  const literals = pieces(key).filter((piece) => !Token.isUnresolved(piece));
  if (key === '') throw refuse('is empty', 'a key such as \'orders/{date}/{importId}.jsonl\'');
  if (key.startsWith('/')) throw refuse(`'${key}' starts with a slash, which S3 takes as an empty folder name`, `'${key.replace(/^\/+/, '')}'`);
  if (literals.some((literal) => /[*?]/.test(literal))) {
    throw refuse(`'${key}' holds * or ?, which are wildcards in permissions`, 'a key without them');
  }
  const unknown = literals.flatMap(unknownPlaceholders);
  if (unknown.length > 0) throw refuse(`has the unknown placeholder {${unknown[0]}}`, `one of ${placeholders()}`);
  if (literals.some(hasLoneBrace)) throw refuse(`'${key}' has a brace that belongs to no placeholder`, `${placeholders()} for placeholders, and no other brace`);
  const bytes = longestKeyBytes(literals.join(''));
  if (bytes > OBJECT_KEY_BYTES) {
    throw refuse(`makes keys of ${bytes} bytes with the manifest's suffix, more than S3's ${OBJECT_KEY_BYTES}`,
      `a key that is ${bytes - OBJECT_KEY_BYTES} bytes shorter`);
  }
}

/** What stands before the first placeholder, tokens included: all keys of the template start with it. */
export function literalStart(key: string): string {
  let start = '';
  for (const piece of pieces(key)) {
    const fixed = Token.isUnresolved(piece) ? piece : literalPrefix(piece);
    start += fixed;
    if (fixed !== piece) break;
  }
  return start;
}

/** The keys that imports write, as patterns for permissions: the object's and its manifest's. */
export function objectPatterns(key: string): string[] {
  const start = literalStart(key);
  return start === key ? [key, manifestKey(key)] : [`${start}*`];
}

/** A string's literal pieces and its tokens, in order. */
function pieces(text: string): string[] {
  const flattened: unknown = Tokenization.reverseString(text).join({ join: (left, right) => [left, right].flat() });
  return [flattened].flat() as string[];
}

function placeholders(): string {
  return DESTINATION_PLACEHOLDERS.map((name) => `{${name}}`).join(', ');
}

function hasLoneBrace(literal: string): boolean {
  return /[{}]/.test(literal.replace(/\{[^{}]*\}/g, ''));
}

function longestKeyBytes(template: string): number {
  const resolved = resolveDestinationKey(template, {
    importId: '00000000-0000-0000-0000-000000000000',
    executionName: 'x'.repeat(EXECUTION_NAME_CHARACTERS),
    startTime: new Date(0),
  });
  return new TextEncoder().encode(manifestKey(resolved)).length;
}
