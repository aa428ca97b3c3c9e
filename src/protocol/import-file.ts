import { decodeFile } from './file-format';
import { JsonValue } from './json';
import { OutputSettings } from './output-settings';

/** `import.json`: what the whole import shares, fixed by Initialize. Created once, never replaced. */
export interface ImportFile {
  readonly formatVersion: number;
  /** Drawn at random: neither an execution's ARN nor its start is unique to one import. */
  readonly importId: string;
  /** ARN of the execution that started the import; for people. */
  readonly executionArn: string;
  /** Whether the import is part of a larger state machine, whose input is not its own; for messages. */
  readonly embedded: boolean;
  /** Start of that execution, ISO 8601 in UTC. Orders imports that publish to the same key. */
  readonly startTime: string;
  /** When nothing may go on with the import any more, ISO 8601 in UTC. */
  readonly expiresAt: string;
  /** The execution's input: the same for every page. */
  readonly input: JsonValue;
  /** Records per page: fixed here, so that offsets stay what they were when the stack changes under the import. */
  readonly pageSize: number;
  /** Where the import publishes to. */
  readonly destination: DestinationReference;
  /** What is published, and how. */
  readonly output: OutputSettings;
  /** Version of the package that started the import; for people. */
  readonly packageVersion: string;
}

/** Where an import publishes to. In its file, without placeholders. */
export interface DestinationReference {
  readonly bucket: string;
  readonly key: string;
  /** Key of the manifest. */
  readonly manifestKey: string;
}

/** Reads an import file; throws what `decodeFile` throws. */
export function decodeImportFile(key: string, bytes: Uint8Array): ImportFile {
  return decodeFile<ImportFile>(key, bytes, {
    importId: 'a string',
    executionArn: 'a string',
    embedded: 'a boolean',
    startTime: 'a string',
    expiresAt: 'a string',
    input: 'any JSON',
    pageSize: 'a number',
    destination: 'an object',
    output: 'an object',
    packageVersion: 'a string',
  });
}
