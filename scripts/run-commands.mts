import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { COMMANDS, type Command, type CommandName } from './commands.mts';
import { ROOT } from './paths.mts';

export interface RunOptions {
  /** Whether to report only failed commands. */
  readonly quiet?: boolean;
  /** Arguments for all commands. */
  readonly args?: readonly string[];
  /** Whether to print output as it is written instead of at the end. For a single command. */
  readonly live?: boolean;
}

/** Runs commands one after another, until one fails. */
export async function runCommands(names: readonly CommandName[], options: RunOptions = {}): Promise<boolean> {
  for (const name of names) {
    if (!(await runCommand(name, options))) return false;
  }
  return true;
}

async function runCommand(name: CommandName, { quiet, args = [], live }: RunOptions): Promise<boolean> {
  const started = performance.now();
  const { run, env }: Command = COMMANDS[name];
  const child = spawn([run, ...args].join(' '), {
    cwd: ROOT,
    shell: true,
    env: { ...process.env, ...env },
    stdio: live ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  const output = live ? [] : await Promise.all([text(child.stdout!), text(child.stderr!)]);
  const [code] = await closed;
  const passed = code === 0;
  if (!passed || !quiet) report(name, passed, performance.now() - started, output.join(''));
  return passed;
}

function report(name: CommandName, passed: boolean, milliseconds: number, output: string): void {
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${name}  ${(milliseconds / 1000).toFixed(1)} s`);
  if (output.trim()) console.log(output.trim().replace(/^/gm, '         '));
}
