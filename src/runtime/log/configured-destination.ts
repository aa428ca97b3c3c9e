import { executionNameOf, resolveDestinationKey } from '../../protocol/destination-key';
import { DestinationChangedError } from '../../protocol/errors';
import { DestinationReference, ImportFile } from '../../protocol/import-file';
import { DestinationSettings } from '../../protocol/machine-state';

/** What the placeholders of an import's keys are made of. */
export type ImportIdentity = Pick<ImportFile, 'importId' | 'executionArn' | 'startTime'>;

/** Where an import publishes to, with the placeholders resolved. */
export function destinationOf(
  { importId, executionArn, startTime }: ImportIdentity, { bucket, key, manifestKey }: DestinationReference,
): DestinationReference {
  const values = { importId, executionName: executionNameOf(executionArn), startTime: new Date(startTime) };
  return { bucket, key: resolveDestinationKey(key, values), manifestKey: resolveDestinationKey(manifestKey, values) };
}

/**
 * Call before an import's own destination is used. The import file fixes it, but only the definition, which nobody can write through the
 * cache, says where imports may be published. The two differ if the file was tampered with, or the construct has been changed since the
 * import began.
 *
 * @throws DestinationChangedError if they differ
 */
export function requireConfiguredDestination(file: ImportFile, { destination, output }: DestinationSettings): void {
  const configured = { ...destinationOf(file, destination), latestKey: output.latestKey };
  const kept = { ...file.destination, latestKey: file.output.latestKey };
  for (const field of ['bucket', 'key', 'manifestKey', 'latestKey'] as const) {
    if (kept[field] !== configured[field]) throw new DestinationChangedError(file, field, kept[field], configured[field]);
  }
}
