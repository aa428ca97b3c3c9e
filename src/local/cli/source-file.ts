import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from './usage-error';

/**
 * The absolute path of the one file on the command line.
 *
 * @param use what to write
 * @throws UsageError
 */
export function sourceFile([source, ...more]: readonly string[], use: string): string {
  if (source === undefined) throw new UsageError(`no source file is given; write ${use}`);
  if (more.length > 0) throw new UsageError(`one source file is enough; leave out ${more.join(' ')}`);
  const file = resolve(source);
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) throw new UsageError(`the source file ${file} does not exist; give the path of your source`);
  if (!found.isFile()) throw new UsageError(`${file} is not a file; give the path of your source in it`);
  return file;
}
