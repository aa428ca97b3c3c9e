import { IncompatibleVersionError, MalformedFileError } from './errors';
import { JsonObject } from './json';

/** What all files of the cache share: a JSON object with a format version. */

/** Version of the cache's format. Raised if an older reader would misread a newer file. test/golden keeps logs of each version. */
export const FORMAT_VERSION = 1;

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** The bytes of a file: one line of JSON. */
export function encodeFile(file: object): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(file)}\n`);
}

/**
 * Parses a file.
 *
 * @param what how messages name the file, e.g. its key
 * @param fields the required fields, with their types
 * @throws MalformedFileError if it is not a JSON object, or a field is missing or has the wrong type
 * @throws IncompatibleVersionError if this code does not read its format version
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
 * @param path prefix of their names in messages, e.g. `chunk.`
 * @throws MalformedFileError if one is missing or has the wrong type
 */
export function requireFields<Part>(what: string, path: string, part: object, fields: FieldTypes<Part>): void {
  for (const name in fields) {
    const type = (fields as Readonly<Record<string, FieldType>>)[name]!;
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
    value = JSON.parse(UTF8.decode(bytes));
  } catch {
    // The parser's own message quotes the content, which may contain a page token.
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
