import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files and folders that are removed after use, however the process ends, except by SIGKILL. */
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

  /** A path to remove later. It may not exist by then. */
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
