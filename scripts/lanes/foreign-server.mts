import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LANES } from '../paths.mts';
import { runJest } from './jest.mts';
import type { Lane } from './lane.mts';

export interface ForeignServerLaneOptions {
  /** Also the name of its test: `test/lanes/<name>.lane.ts`. */
  readonly name: string;
  readonly description: string;
  readonly missing?: () => Promise<string | undefined>;
  /** Installs the server into a folder, whose path the test finds in `LANE_FOLDER`. */
  readonly install: (folder: string) => Promise<void>;
}

/** Imports from a server that is too large for a dev dependency, or is not on npm. */
export function foreignServerLane({ name, description, missing, install }: ForeignServerLaneOptions): Lane {
  const folder = join(LANES, name);
  return {
    name,
    description,
    missing,
    run: async () => {
      await mkdir(folder, { recursive: true });
      await install(folder);
      return runJest(folder, ['--testMatch', `**/test/lanes/${name}.lane.ts`], { LANE_FOLDER: folder });
    },
  };
}
