import { isNativeError } from 'node:util/types';
import { plainRedactor, Redactor } from './redact';

/**
 * One line that says what was thrown, and why: `fetch failed` alone hides whether the connection was refused, the name unknown, the
 * certificate wrong or the time up. Whatever was thrown, describing it throws nothing and takes bounded time and space.
 *
 * ```
 * TypeError: fetch failed; caused by Error: getaddrinfo ENOTFOUND api.example.com
 * TypeError: fetch failed; caused by AggregateError (code ECONNREFUSED): 2 errors: Error: connect ECONNREFUSED ::1:80, Error: connect ...
 * ```
 */

/** Causes that are followed, from one to the next. */
const MOST_CAUSES = 5;

/** Errors of an AggregateError that are shown. */
const MOST_ERRORS = 4;

/** Characters that are shown of one message. */
const MESSAGE_CHARACTERS = 1000;

/** Characters of one message that are looked at: what is cut out of a longer one has been redacted as a whole. */
const READ_CHARACTERS = 20_000;

/** Frames of a stack that are shown. */
const MOST_FRAMES = 5;

/** Fields that say more than the message does, where it does not have them, and how they are called. */
const FACTS: readonly (readonly [field: string, name: string])[] = [
  ['code', 'code'], ['syscall', 'syscall'], ['hostname', 'host'], ['status', 'HTTP'], ['statusCode', 'HTTP'],
];

/** What a fact looks like: a code, a host's name or a number, and no sentence. */
const FACT = /^[\w.:-]{1,100}$/;

/** @param redact is applied to each message before it is cut: half a secret would not be recognized */
export function describeError(error: unknown, redact: Redactor = plainRedactor): string {
  return new Description(redact).chain(error, 0);
}

/** Where an error was made: the innermost frames of its stack, without its message. */
export function framesOf(error: unknown, redact: Redactor = plainRedactor): string[] {
  const stack = read(error, 'stack');
  if (typeof stack !== 'string') return [];
  const frames = stack.slice(0, READ_CHARACTERS).split('\n').map((line) => line.trim()).filter((line) => line.startsWith('at '));
  return frames.slice(0, MOST_FRAMES).map((frame) => shortened(redact(frame)));
}

class Description {
  private readonly seen = new Set<unknown>();

  constructor(private readonly redact: Redactor) {}

  public chain(error: unknown, depth: number): string {
    if (isObject(error)) this.seen.add(error);
    return [this.head(error), this.partsOf(error, depth), this.causeOf(error, depth)].join('');
  }

  /** Its name, its message, and what the message leaves out. */
  private head(error: unknown): string {
    if (!isObject(error)) return this.primitive(error);
    const name = this.text(read(error, 'name'));
    const message = this.text(read(error, 'message'));
    if (name === undefined && message === undefined) return `a value of type ${typeof error}`;
    const facts = factsOf(error, `${name} ${message}`);
    return [name, facts].filter(Boolean).join(' ') + (message === undefined ? '' : `${name === undefined && facts === '' ? '' : ': '}${message}`);
  }

  private primitive(value: unknown): string {
    return typeof value === 'string' ? `"${this.text(value) ?? ''}"` : `a value of type ${typeof value}`;
  }

  private partsOf(error: unknown, depth: number): string {
    const errors = read(error, 'errors');
    // Others have lists of that name, too, with whatever in them.
    if (depth >= MOST_CAUSES || !Array.isArray(errors) || errors.length === 0 || !errors.every(isError)) return '';
    const shown = errors.slice(0, MOST_ERRORS).map((one: unknown) => this.unlessSeen(one, depth));
    const more = errors.length > MOST_ERRORS ? ', ...' : '';
    return `: ${errors.length} error${errors.length === 1 ? '' : 's'}: ${shown.join(', ')}${more}`;
  }

  private causeOf(error: unknown, depth: number): string {
    const cause = read(error, 'cause');
    if (cause === undefined || cause === null) return '';
    return `; caused by ${depth < MOST_CAUSES ? this.unlessSeen(cause, depth) : 'more errors'}`;
  }

  private unlessSeen(error: unknown, depth: number): string {
    return this.seen.has(error) ? 'an error named before' : this.chain(error, depth + 1);
  }

  private text(value: unknown): string | undefined {
    if (typeof value !== 'string' || value === '') return undefined;
    return shortened(this.redact(value.slice(0, READ_CHARACTERS)));
  }
}

function factsOf(error: object, text: string): string {
  const facts = FACTS.flatMap(([field, name]) => {
    const value = read(error, field);
    const isFact = typeof value === 'string' ? FACT.test(value) : typeof value === 'number' && name === 'HTTP';
    return isFact && !text.includes(String(value)) ? [`${name} ${String(value)}`] : [];
  });
  return facts.length === 0 ? '' : `(${[...new Set(facts)].join(', ')})`;
}

/** A getter may throw, and so does everything about a proxy that was revoked. */
function read(value: unknown, field: string): unknown {
  try {
    return isObject(value) ? (value as Record<string, unknown>)[field] : undefined;
  } catch {
    return undefined;
  }
}

/** Also an error of another realm. */
function isError(value: unknown): boolean {
  return isNativeError(value);
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function shortened(text: string): string {
  return text.length <= MESSAGE_CHARACTERS ? text : `${text.slice(0, MESSAGE_CHARACTERS)} [${text.length - MESSAGE_CHARACTERS} characters more]`;
}
