import { spawnSync, SpawnSyncReturns } from 'node:child_process';
import * as path from 'node:path';

/** Environment variables that Node.js itself needs, on any system. */
const PASSED_ON = ['PATH', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot'];

/** Maximum time for a module to load, in seconds. */
export const MODULE_CHECK_SECONDS = 30;

/**
 * Runs Node.js on a user's module without the rest of synth's environment, such as credentials, or options for a TypeScript loader that
 * Lambda does not have. The fourth stream carries the verdict.
 *
 * @param folder working folder
 */
export function runBareNode(
  folder: string, parameters: readonly string[], seconds: number = MODULE_CHECK_SECONDS,
): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, parameters, {
    cwd: folder,
    env: bareEnvironment(folder),
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    maxBuffer: Infinity,
    timeout: seconds * 1000,
    killSignal: 'SIGKILL',
  });
}

function bareEnvironment(folder: string): NodeJS.ProcessEnv {
  const passedOn = PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  const nowhere = path.join(folder, 'no-credentials');
  return {
    ...Object.fromEntries(passedOn) as NodeJS.ProcessEnv,
    AWS_SHARED_CREDENTIALS_FILE: nowhere,
    AWS_CONFIG_FILE: nowhere,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
