import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FunctionCode } from './function-definition';

/** The code of a function as a folder: its own, or a temporary one for code in the template. */
export class CodeFolder {
  private temporary?: string;

  constructor(private readonly code: FunctionCode) {}

  /** Lambda puts inline code into a CommonJS module of this name. */
  directory(): string {
    if ('directory' in this.code) return this.code.directory;
    if (this.temporary === undefined) {
      this.temporary = mkdtempSync(join(tmpdir(), 'cdk-paginated-import-'));
      writeFileSync(join(this.temporary, 'index.js'), this.code.inline);
      writeFileSync(join(this.temporary, 'package.json'), '{"type":"commonjs"}');
    }
    return this.temporary;
  }

  async remove(): Promise<void> {
    if (this.temporary !== undefined) await rm(this.temporary, { recursive: true, force: true });
  }
}
