import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { METAFILES } from '../paths.mts';
import { CARRIED_PACKAGES } from './carried-packages.mts';

/** A published bundle, and what it is made of. */
export interface Bundle {
  /** Relative to the repository, such as `assets/fetch/index.mjs`. */
  readonly file: string;
  readonly metafile: Metafile;
}

/** The files of a package, up to its folder. The last folder counts: packages may be nested. */
const PACKAGE_FOLDER = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** The folder of the package that a file belongs to, relative to the repository; `undefined` for our own files. */
export function packageFolderOf(input: string): string | undefined {
  return PACKAGE_FOLDER.exec(input)?.[0];
}

/** All bundles of the last build, sorted. @throws if there are none */
export function readBundles(folder = METAFILES): Bundle[] {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  if (files.length === 0) throw new Error('Nothing says what the bundles are made of: run `npm run build` first.');
  const metafiles = files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Metafile);
  return metafiles.map((metafile) => ({ file: Object.keys(metafile.outputs)[0]!, metafile: withCarriedPackages(metafile) }))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** Adds the carried packages as inputs of their carriers, by their package.json. */
function withCarriedPackages({ inputs, outputs }: Metafile): Metafile {
  const added = structuredClone({ inputs, outputs });
  for (const output of Object.values(added.outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
      const carried = CARRIED_PACKAGES[packageFolderOf(input) ?? ''] ?? [];
      for (const path of carried.map((name) => `node_modules/${name}/package.json`)) {
        output.inputs[path] = { bytesInOutput };
        added.inputs[path] = { bytes: 0, imports: [] };
        added.inputs[input]!.imports.push({ path, kind: 'import-statement' });
      }
    }
  }
  return added;
}
