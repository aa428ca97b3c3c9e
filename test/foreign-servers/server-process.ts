import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { AddressInfo, connect, createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { ForeignServer } from './kit';

/** How long a server may take to start, on a busy machine. */
const START_MILLISECONDS = 30_000;

/**
 * Starts a server that needs a process of its own.
 *
 * @param command given a free port: a program and its arguments
 * @returns when it accepts connections
 */
export async function startProcess(command: (port: string) => readonly [string, ...string[]], cwd: string): Promise<ForeignServer> {
  const port = await freePort();
  const [program, ...args] = command(String(port));
  const server = spawn(program, args, { cwd, stdio: 'ignore' });
  await connected(port, server);
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      const exit = once(server, 'exit');
      server.kill();
      await exit;
    },
  };
}

async function connected(port: number, server: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + START_MILLISECONDS; Date.now() < deadline; await setTimeout(50)) {
    if (server.exitCode !== null) throw new Error(`the server has ended with ${server.exitCode} before it listened`);
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(() => true, () => false);
    socket.destroy();
    if (isOpen) return;
  }
  throw new Error('the server does not listen');
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => { probe.close(resolve); });
  return port;
}
