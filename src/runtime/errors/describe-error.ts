import { isNativeError } from 'node:util/types';
import { plural } from '../../protocol/plural';
import { plainRedactor, Redactor } from './redact';

/**
 * Describes in one line what was thrown, and why: `fetch failed` alone does not tell a refused connection from an unknown name, a bad
 * certificate or a time-out. Describing never throws, and takes bounded time and space.
 *
 * ```
 * TypeError: fetch failed; caused by Error: getaddrinfo ENOTFOUND api.example.com
 * TypeError: fetch failed; caused by AggregateError (code ECONNREFUSED): 2 errors: Error: connect ECONNREFUSED ::1:80, Error: connect ...
 * ```
 */

/** Maximum causes in a chain. */
const MOST_CAUSES = 5;

/** Maximum errors shown of an AggregateError. */
const MOST_ERRORS = 4;

/** Maximum characters shown of one message. */
const MESSAGE_CHARACTERS = 1000;

/** Maximum frames shown of a stack. */
const MOST_FRAMES = 5;

/** Fields shown if the message does not contain their value, and their labels. */
const FACTS: readonly (readonly [field: string, name: string])[] = [
  ['code', 'code'], ['syscall', 'syscall'], ['hostname', 'host'], ['status', 'HTTP'], ['statusCode', 'HTTP'],
];

/** Matches a code, a host name or a number, but no sentence. */
const FACT = /^[\w.:-]{1,100}$/;

/** @param redact applied to each message before it is shortened: half a secret would not be recognized */
export function describeError(error: unknown, redact: Redactor = plainRedactor): string {
  return new Description(redact).chain(error, 0);
}

/** Where an error was created: the innermost frames of its stack, without its message. */
export function framesOf(error: unknown, redact: Redactor = plainRedactor): string[] {
  const stack = read(error, 'stack');
  if (typeof stack !== 'string') return [];
  const frames = redact(stack).split('\n').map((line) => line.trim()).filter((line) => line.startsWith('at '));
  return frames.slice(0, MOST_FRAMES).map(shortened);
}

/** Matches the names of classes, which Step Functions decides by. */
const CLASS_NAME = /^[\w.$]{1,100}$/;

/** Says in its message what describes an error, and holds nothing else of it: no fields, no causes, no message in the stack. */
export class ToldError extends Error {
  constructor(error: unknown, redact: Redactor = plainRedactor) {
    super(describeError(error, redact));
    const name = read(error, 'name');
    this.name = typeof name === 'string' && CLASS_NAME.test(name) && redact(name) === name ? name : 'Error';
    this.stack = [`${this.name}: ${this.message}`, ...framesOf(error, redact).map((frame) => `    ${frame}`)].join('\n');
  }
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
    const facts = this.factsOf(error, `${name} ${message}`);
    return [name, facts].filter(Boolean).join(' ') + (message === undefined ? '' : `${name === undefined && facts === '' ? '' : ': '}${message}`);
  }

  private primitive(value: unknown): string {
    return typeof value === 'string' ? `"${this.text(value) ?? ''}"` : `a value of type ${typeof value}`;
  }

  private partsOf(error: unknown, depth: number): string {
    const errors = read(error, 'errors');
    // Other errors may have a field of that name, with anything in it.
    if (depth >= MOST_CAUSES || !Array.isArray(errors) || errors.length === 0 || !errors.every(isError)) return '';
    const shown = errors.slice(0, MOST_ERRORS).map((one: unknown) => this.unlessSeen(one, depth));
    const more = errors.length > MOST_ERRORS ? ', ...' : '';
    return `: ${errors.length} ${plural(errors.length, 'error')}: ${shown.join(', ')}${more}`;
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
    return shortened(this.redact(value));
  }

  private factsOf(error: object, text: string): string {
    const facts = FACTS.flatMap(([field, name]) => {
      const value = read(error, field);
      const isFact = typeof value === 'string' ? FACT.test(value) : typeof value === 'number' && name === 'HTTP';
      const shown = isFact ? this.redact(String(value)) : '';
      return isFact && !text.includes(shown) ? [`${name} ${shown}`] : [];
    });
    return facts.length === 0 ? '' : `(${[...new Set(facts)].join(', ')})`;
  }
}

/** A getter may throw, and so does any access to a revoked proxy. */
function read(value: unknown, field: string): unknown {
  try {
    return isObject(value) ? (value as Record<string, unknown>)[field] : undefined;
  } catch {
    return undefined;
  }
}

/** Recognizes errors of other realms too. */
function isError(value: unknown): boolean {
  return isNativeError(value);
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function shortened(text: string): string {
  return text.length <= MESSAGE_CHARACTERS ? text : `${text.slice(0, MESSAGE_CHARACTERS)} [${text.length - MESSAGE_CHARACTERS} characters more]`;
}
