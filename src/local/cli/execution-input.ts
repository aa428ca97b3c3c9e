import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { RESUME_FROM, resumedImportId } from '../../protocol/fetch-contract';
import { JsonValue } from '../../protocol/json';
import { STATE_PAYLOAD_BYTES } from '../../protocol/limits';
import { UsageError } from './usage-error';

/** The input of the execution: JSON, or `@` and the path of a JSON file. @throws UsageError */
export function executionInput(text: string | undefined): JsonValue {
  if (text === undefined) return {};
  const input = text.startsWith('@') ? fromFile(text.slice(1)) : parsed(text);
  if (resumedImportId(input) !== undefined) {
    throw new UsageError(`--input has ${RESUME_FROM}, and local runs leave nothing to resume; leave the field out`);
  }
  const bytes = Buffer.byteLength(JSON.stringify(input));
  if (bytes > STATE_PAYLOAD_BYTES) {
    throw new UsageError(`--input has ${bytes} bytes, and Step Functions takes ${STATE_PAYLOAD_BYTES}; give less, such as the address of a file`);
  }
  return input;
}

function parsed(text: string): JsonValue {
  const example = text === '' ? 'for an empty string, write --input \'""\'' : 'write it in quotes, such as --input \'{"since":"2026-01-01"}\'';
  return parse(text, text === '' ? '--input is empty' : '--input is not JSON', example);
}

function fromFile(path: string): JsonValue {
  const file = resolve(path);
  return parse(textOf(file), `--input: the file ${file} does not hold JSON`, 'correct it');
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const problem = { ENOENT: 'does not exist', EISDIR: 'is a folder' }[(error as NodeJS.ErrnoException).code!] ?? 'cannot be read';
    throw new UsageError(`--input: the file ${file} ${problem}; give the path of a file with JSON in it after the @`, { cause: error });
  }
}

function parse(text: string, problem: string, remedy: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new UsageError(`${problem}; ${remedy}`, { cause: error });
  }
}
