import { randomUUID } from 'node:crypto';
import { accessSync, constants, lstatSync, realpathSync, rmSync, Stats, statSync, writeFileSync } from 'node:fs';
import { chmod, rename } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { TemporaryFiles } from './temporary-files';
import { UsageError } from './usage-error';

/** Files that may be code are never replaced: a typo in a command could destroy them. */
const CODE_EXTENSIONS = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx'];

export interface OutputFileOptions {
  /** Whether an existing file may be replaced. */
  readonly force: boolean;
  /** Files that are never replaced. */
  readonly sources: readonly string[];
  readonly temporary: TemporaryFiles;
}

/** A file that is written completely or not at all. */
export class OutputFile {
  /** Where to write: a temporary file next to the final one. */
  readonly draft: string;
  private readonly file: string;
  private readonly replaced: Stats | undefined;

  /**
   * Checks that the file can and may be written.
   *
   * @param path absolute
   * @throws UsageError
   */
  constructor(private readonly path: string, private readonly options: OutputFileOptions) {
    try {
      requireFolder(dirname(path));
      this.replaced = existing(path);
      this.file = this.replaced === undefined ? path : realpathSync(path);
      this.draft = join(dirname(this.file), `.${basename(this.file).slice(0, 100)}.${randomUUID()}.tmp`);
      if (this.replaced !== undefined) this.requireReplaceable(this.replaced);
      this.requireWritableFolder();
    } catch (error) {
      throw error instanceof UsageError ? error : new UsageError(`${path} cannot be written (${(error as Error).message}); give another path with --out`);
    }
    options.temporary.add(this.draft);
  }

  /** Whether another file with this name has appeared since the check. */
  get isTaken(): boolean {
    return this.replaced === undefined && !this.options.force && lstatSync(this.file, { throwIfNoEntry: false }) !== undefined;
  }

  /** Moves the draft into place atomically: readers see the old file or the complete new one. */
  async publish(path = this.file): Promise<void> {
    if (this.replaced !== undefined) await chmod(this.draft, this.replaced.mode & 0o777);
    await rename(this.draft, path);
  }

  private requireReplaceable(found: Stats): void {
    const { path, options: { force, sources } } = this;
    if (found.isDirectory()) throw new UsageError(`${path} is a folder; give the path of a file with --out`);
    if (!found.isFile()) throw new UsageError(`${path} is not a regular file; give another path with --out`);
    if (sources.some((source) => isSame(found, source))) throw new UsageError(`${path} is part of the source and is never replaced; give another path with --out`);
    if (CODE_EXTENSIONS.includes(extname(this.file))) throw new UsageError(`${path} exists and may be code, which is never replaced; give another path with --out`);
    if (!force) throw new UsageError(`${path} exists; add --force to replace it, or give another path with --out`);
    accessSync(this.file, constants.W_OK);
  }

  /** Checks by trying: permissions are not the only possible obstacle. */
  private requireWritableFolder(): void {
    writeFileSync(this.draft, '', { flag: 'wx' });
    rmSync(this.draft);
  }
}

function requireFolder(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found?.isDirectory()) throw new UsageError(`there is no folder ${folder}; create it, or give another path with --out`);
}

function existing(path: string): Stats | undefined {
  if (!lstatSync(path, { throwIfNoEntry: false })) return undefined;
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new UsageError(`${path} is a link to a file that does not exist; give another path with --out`);
  return found;
}

function isSame({ dev, ino }: Stats, path: string): boolean {
  const other = statSync(path, { throwIfNoEntry: false });
  return other !== undefined && other.dev === dev && other.ino === ino;
}
