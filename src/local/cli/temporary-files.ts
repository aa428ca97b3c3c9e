import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files and folders that must be gone when they are done with, however the process ends: only SIGKILL leaves them. */
export class TemporaryFiles implements Disposable {
  private readonly paths: string[] = [];

  constructor() {
    process.on('exit', this.remove);
  }

  /** A new folder. */
  folder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'cdk-paginated-import-'));
    this.add(folder);
    return folder;
  }

  /** A path that may be written to, or may have been moved away by then. */
  add(path: string): void {
    this.paths.push(path);
  }

  [Symbol.dispose](): void {
    process.off('exit', this.remove);
    this.remove();
  }

  private readonly remove = (): void => {
    this.paths.splice(0).forEach((path) => rmSync(path, { recursive: true, force: true }));
  };
}
