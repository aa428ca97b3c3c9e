import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs a program to its end. If it fails, rejects with its whole output. */
export async function execute(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, [...args], { cwd, env: { ...process.env, ...env }, maxBuffer: 2 ** 28 });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(' ')} failed:\n${stdout ?? ''}${stderr ?? ''}`, { cause: error });
  }
}
