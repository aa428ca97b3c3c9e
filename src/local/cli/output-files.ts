import { writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ImportResult } from '../../protocol/machine-state';
import { manifestKey } from '../../protocol/manifest';
import { LocalS3 } from '../index';
import { OutputFile, OutputFileOptions } from './output-file';

/** The two files that a run writes: the records, and their manifest. */
export class OutputFiles {
  private readonly records: OutputFile;
  private readonly manifest: OutputFile;

  /**
   * @param path absolute path of the records
   * @throws UsageError if one of them cannot or must not be written
   */
  constructor(private readonly path: string, options: OutputFileOptions) {
    this.records = new OutputFile(path, options);
    this.manifest = new OutputFile(manifestPath(path), options);
  }

  /**
   * Writes both, the manifest last.
   *
   * @param signal stops it, until the first file is in place
   * @returns the path of the records; `undefined` if the signal came first
   */
  async write(s3: LocalS3, result: ImportResult, signal: AbortSignal): Promise<string | undefined> {
    await s3.readToFile(result.bucket, result.key, this.records.draft);
    await writeFile(this.manifest.draft, s3.read(result.bucket, result.manifestKey));
    return signal.aborted ? undefined : this.publish(result.importId);
  }

  private async publish(importId: string): Promise<string> {
    if (!this.records.isTaken && !this.manifest.isTaken) {
      await this.records.publish();
      await this.manifest.publish();
      return this.path;
    }
    // For example, another run has written them meanwhile.
    const other = join(dirname(this.path), `${importId}-${basename(this.path)}`);
    await this.records.publish(other);
    await this.manifest.publish(manifestPath(other));
    return other;
  }
}

/** The manifest is next to the records, named as next to an object. */
function manifestPath(path: string): string {
  return join(dirname(path), manifestKey(basename(path)));
}
