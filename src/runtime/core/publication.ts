import { ImportFile } from '../../protocol/import-file';
import { ImportKeys } from '../../protocol/keys';
import { Outcome } from '../../protocol/machine-state';
import { ObjectStore } from '../store/object-store';
import { World } from './ports';
import { WholeLog } from './whole-log';

/** A finished import on its way to its readers. */
export interface Publication {
  readonly file: ImportFile;
  readonly log: WholeLog;
  readonly keys: ImportKeys;
  readonly cache: ObjectStore;
  readonly destination: ObjectStore;
  readonly world: World;
}

/** How publishing the records ended, and how many parts are in place. */
export interface Ending {
  /** `ended`: another attempt has finished the import. `out-of-time`: there are parts left. */
  readonly kind: Outcome | 'ended' | 'out-of-time';
  readonly parts: number;
}
