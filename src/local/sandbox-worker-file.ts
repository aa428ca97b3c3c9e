import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Lies beside this file, bundled as this file is, or not. */
export const SANDBOX_WORKER_FILE = ['sandbox.worker.js', 'sandbox.worker.ts']
  .map((file) => join(__dirname, file))
  .find((file) => existsSync(file))!;
