import { IncompatibleVersionError, MalformedFileError } from './errors';
import { JsonObject } from './json';

/**
 * What all files of the cache have in common: a JSON object with the version of its format.
 */

/** Version of the cache's format. Raised when an older reader would misread a newer file. Golden logs of it are kept, see test/golden. */
export const FORMAT_VERSION = 1;

/** The bytes of a file: one line of JSON. */
export function encodeFile(file: object): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(file)}\n`);
}

/**
 * The object that a file holds.
 *
 * @param what the file as messages name it, e.g. its key
 * @param fields the fields that must be there, with their types
 * @throws MalformedFileError when it is no JSON object or a field is missing or of another type
 * @throws IncompatibleVersionError when it has a format version that this code does not read
 */
export function decodeFile<File>(what: string, bytes: Uint8Array, fields: FieldTypes<File>): File {
  const file = parseObject(what, bytes);
  if (file.formatVersion !== FORMAT_VERSION) throw new IncompatibleVersionError(what, file.formatVersion, FORMAT_VERSION);
  requireFields(what, '', file, fields);
  return file as unknown as File;
}

/**
 * Checks the fields of a file, or of an object in it.
 *
 * @param path what stands before their names in messages, e.g. `chunk.`
 * @throws MalformedFileError when one is missing or of another type
 */
export function requireFields<Part>(what: string, path: string, part: object, fields: FieldTypes<Part>): void {
  for (const [name, type] of Object.entries(fields) as [string, FieldType][]) {
    if (!hasType((part as JsonObject)[name], type)) throw new MalformedFileError(what, `the field ${path}${name} must be ${type}`);
  }
}

/** The type of a field, as messages name it. */
export type FieldType = 'a string' | 'a number' | 'a boolean' | 'an object' | 'an array' | 'an object or null' | 'a string or null' | 'any JSON' |
'a number or absent' | 'an object or absent' | 'an array or absent';

/** A type for each field of a file. */
export type FieldTypes<File> = { readonly [Name in Exclude<keyof File, 'formatVersion'>]-?: FieldType };

function parseObject(what: string, bytes: Uint8Array): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // The parser's own message quotes the content, which may hold a page token.
    throw new MalformedFileError(what, `its ${bytes.byteLength} bytes are not JSON`);
  }
  if (!isObject(value)) throw new MalformedFileError(what, 'it is not a JSON object');
  return value as JsonObject;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasType(value: unknown, type: FieldType): boolean {
  switch (type) {
    case 'a string': return typeof value === 'string';
    case 'a number': return typeof value === 'number';
    case 'a number or absent': return value === undefined || typeof value === 'number';
    case 'a boolean': return typeof value === 'boolean';
    case 'an object': return isObject(value);
    case 'an object or absent': return value === undefined || isObject(value);
    case 'an array or absent': return value === undefined || Array.isArray(value);
    case 'an array': return Array.isArray(value);
    case 'an object or null': return value === null || isObject(value);
    case 'a string or null': return value === null || typeof value === 'string';
    case 'any JSON': return value !== undefined;
  }
}
