import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SOURCE_MODULE_FILE } from '../../protocol/environment';
import { FAULTY_HANDLER } from './faulty-module';

/** The loop, beside which it finds the handler's module. */
const LOOP_FILE = 'index.mjs';

/**
 * A temporary folder with the loop of a fetch function and, in place of the handler's module beside it, one that puts faults around the
 * handler. The handler's own module stays where it is, with all that it finds around it.
 */
export class FaultySourceFolder {
  readonly directory = mkdtempSync(join(tmpdir(), 'cdk-paginated-import-'));

  /** @param codeDirectory the fetch function's code */
  constructor(codeDirectory: string) {
    const url = pathToFileURL(join(codeDirectory, SOURCE_MODULE_FILE)).href;
    copyFileSync(join(codeDirectory, LOOP_FILE), join(this.directory, LOOP_FILE));
    // All of the module: one without a default export would not link, and the loop says what is wrong with it.
    writeFileSync(join(this.directory, SOURCE_MODULE_FILE), `import * as source from ${JSON.stringify(url)};\n`
      + `export default globalThis[Symbol.for(${JSON.stringify(FAULTY_HANDLER)})](source);\n`);
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}
