import { ImportResult } from './machine-state';

/** The file at `latestKey`: where the newest published import is. Written last. An older import never replaces a newer one's. */
export interface LatestPointer extends Omit<ImportResult, 'outcome'> {
  readonly formatVersion: number;
  /** Start of the import, ISO 8601 in UTC. */
  readonly startTime: string;
}
