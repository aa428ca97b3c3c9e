import { decodeFile } from './file-format';
import { JsonValue } from './json';
import { OutputSettings } from './output-settings';

/** `import.json`: what the whole import shares, set by Initialize. Created once, never replaced. */
export interface ImportFile {
  readonly formatVersion: number;
  /** Random: neither an execution's ARN nor its start time is unique to one import. */
  readonly importId: string;
  /** Name of the series: of all imports by the same construct. */
  readonly series: string;
  /** The deployment to which the series belongs: account, region and stack. */
  readonly owner: string;
  /** ARN of the execution that started the import; for people. */
  readonly executionArn: string;
  /** Whether the import is part of a larger state machine, whose input is not the import's; for messages. */
  readonly embedded: boolean;
  /** Start of that execution, ISO 8601 in UTC. Orders imports that publish to the same key. */
  readonly startTime: string;
  /** When the import can no longer be resumed, ISO 8601 in UTC. */
  readonly expiresAt: string;
  /** The execution's input: the same for every page. */
  readonly input: JsonValue;
  /** Records per page. Fixed here, so that offsets do not change if the stack changes during the import. */
  readonly pageSize: number;
  /** Where the import publishes to. */
  readonly destination: DestinationReference;
  /** What is published, and how. */
  readonly output: OutputSettings;
  /** Version of the package that started the import; for people. */
  readonly packageVersion: string;
}

/** Where an import publishes to. In the import file, placeholders are resolved. */
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
    series: 'a string',
    owner: 'a string',
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
