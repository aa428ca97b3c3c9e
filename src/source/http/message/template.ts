import type { SourceRequest } from '../../handler/define-source';
import { NonRetryableError } from '../../handler/errors';

/** `{input.<field>}`, `{input.<field>.<field>}`, `{pageSize}` or `{job}`. */
const PLACEHOLDER = /\{(input(?:\.[\w-]+)+|pageSize|job)\}/g;

/** What placeholders stand for. */
export interface Filling extends Pick<SourceRequest, 'input' | 'pageSize'> {
  /** The id of the job that has made the data. */
  readonly job?: string;
}

/** How a value is written where it stands. */
export type Write = (value: string) => string;

/** The names of the placeholders in a text. */
export function placeholdersIn(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name]) => name!);
}

/**
 * The text with its placeholders filled in.
 *
 * @throws NonRetryableError if the input lacks a field
 */
export function filled(text: string, request: Filling, write: Write = (value) => value): string {
  return text.replace(PLACEHOLDER, (_, name: string) => write(valueOf(name, request)));
}

/** A JSON value with the placeholders in its texts filled in. A text that is nothing but a placeholder becomes the value itself. */
export function filledJson(value: unknown, request: Filling): unknown {
  if (typeof value === 'string') return filledText(value, request);
  if (Array.isArray(value)) return value.map((item) => filledJson(item, request));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, filledJson(field, request)]));
}

function filledText(text: string, request: Filling): unknown {
  const [match] = text.matchAll(PLACEHOLDER);
  return match !== undefined && match[0] === text ? lookUp(match[1]!, request) : filled(text, request);
}

function valueOf(name: string, request: Filling): string {
  const value = lookUp(name, request);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new NonRetryableError(`The placeholder {${name}} stands for an object or a list, which has no text; name a field that is a text or a number`);
}

function lookUp(name: string, { input, pageSize, job }: Filling): unknown {
  if (name === 'pageSize') return pageSize;
  if (name === 'job' && job !== undefined) return job;
  const value = name.split('.').slice(1).reduce<unknown>((inside, field) => ownField(inside, field), input);
  if (value !== undefined && value !== null) return value;
  throw new NonRetryableError(`The execution's input has nothing at ${name}, which the settings of the source use; start the import with it`);
}

function ownField(value: unknown, field: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return undefined;
  return (value as Record<string, unknown>)[field];
}
