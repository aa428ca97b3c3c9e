import { ImportFile } from '../../protocol/import-file';
import { ImportKeys } from '../../protocol/keys';
import { Outcome } from '../../protocol/machine-state';
import { WholeLog } from '../log/whole-log';
import { ObjectStore } from '../ports/object-store';
import { World } from '../ports/ports';

/** A finished import that is being published. */
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
  /** `ended`: another attempt has finished the import. `out-of-time`: parts are still missing. */
  readonly kind: Outcome | 'ended' | 'out-of-time';
  readonly parts: number;
}
