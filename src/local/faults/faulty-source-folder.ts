import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BUNDLE_FILE } from '../../construct/bundles/lambda-bundle';
import { SOURCE_MODULE_FILE } from '../../protocol/environment';
import { FAULTY_HANDLER } from './faulty-module';

/**
 * A temporary folder with a fetch function's loop and, instead of the handler's module, one that wraps it in faults. The handler's own
 * module stays in its folder, with everything around it.
 */
export class FaultySourceFolder {
  readonly directory = mkdtempSync(join(tmpdir(), 'cdk-paginated-import-'));

  /** @param codeDirectory the fetch function's code */
  constructor(codeDirectory: string) {
    const url = pathToFileURL(join(codeDirectory, SOURCE_MODULE_FILE)).href;
    copyFileSync(join(codeDirectory, BUNDLE_FILE), join(this.directory, BUNDLE_FILE));
    // Imports the whole module: without a default export, a named import would not link. The loop reports the problem.
    writeFileSync(join(this.directory, SOURCE_MODULE_FILE), `import * as source from ${JSON.stringify(url)};\n`
      + `export default globalThis[Symbol.for(${JSON.stringify(FAULTY_HANDLER)})](source);\n`);
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}
