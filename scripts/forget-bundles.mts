import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { METAFILES } from './paths.mts';

/** Deletes the metafiles with this prefix. One of a bundle that is no longer made would have its packages listed for ever. */
export async function forgetBundles(prefix: string): Promise<void> {
  await mkdir(METAFILES, { recursive: true });
  const old = (await readdir(METAFILES)).filter((file) => file.startsWith(prefix));
  await Promise.all(old.map(async (file) => rm(join(METAFILES, file))));
}
