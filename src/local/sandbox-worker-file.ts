import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Next to this file, bundled or not. */
export const SANDBOX_WORKER_FILE = ['sandbox.worker.js', 'sandbox.worker.ts']
  .map((file) => join(__dirname, file))
  .find((file) => existsSync(file))!;
