import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { ForeignServer } from './kit';

/**
 * Starts a server that needs a process of its own.
 *
 * @param args for Node.js, given a free port
 * @returns when it has written something: that it listens
 */
export async function startProcess(args: (port: string) => readonly string[], cwd: string): Promise<ForeignServer> {
  const port = await freePort();
  const server = spawn(process.execPath, args(String(port)), { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  await Promise.race([once(server.stdout, 'data'), failed(once(server, 'exit'))]);
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      const exit = once(server, 'exit');
      server.kill();
      await exit;
    },
  };
}

async function failed(exit: Promise<unknown>): Promise<never> {
  await exit;
  throw new Error('the server has ended before it listened');
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => { probe.close(resolve); });
  return port;
}
