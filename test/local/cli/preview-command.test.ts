import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { numbered, ScriptedServer } from '../../source/http/kit';

/** `preview` as a process. */

jest.setTimeout(60_000);

const COMMAND = join(__dirname, '..', '..', '..', 'lib', 'local', 'cli.js');

let folder: string;
let server: ScriptedServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preview-'));
  server = await ScriptedServer.start(({ query, headers }) => {
    const from = Number(query.offset);
    if (query.silent !== undefined) return new Promise(() => {});
    if (headers.authorization !== 'Bearer hunter2') return { status: 403, body: { message: `no ${headers.authorization}` } };
    return { body: { data: numbered(25).slice(from, from + Number(query.limit)), total: 25 } };
  });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function preview(args: readonly string[], { token = 'hunter2', settings = {} } = {}): Promise<Ended> {
  const file = join(folder, 'orders.http.json');
  await writeFile(file, JSON.stringify({
    url: `${server.origin}/orders?key=s3cr3t`,
    pagination: { style: 'offset', offset: { query: 'offset' }, limit: { query: 'limit' } },
    auth: { kind: 'bearer', token: { environment: 'SHOP_TOKEN' } },
    total: { body: '$.total' },
    privateNetwork: true,
    ...settings,
  }));
  const ended = promisify(execFile)(process.execPath, [COMMAND, 'preview', file, ...args], { cwd: folder, env: { ...process.env, SHOP_TOKEN: token } });
  return ended.then((outputs) => ({ ...outputs, code: 0 }), (error: Ended) => error);
}

test('prints records, decisions, a guess and warnings, and leaves no file', async () => {
  const { code, stdout, stderr } = await preview(['--page-size', '10']);

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^id\n--\n0\n1\n/);
  expect(stdout).toContain('next: offset 20 (20 of 25 records)');
  expect(stdout).toContain('end: total 25 reached');
  expect(stdout).toContain('The records were found at $.data');
  expect(stdout).toContain('Warning: Requests and records are not encrypted');
  expect(stdout).not.toMatch(/hunter2|s3cr3t/);
  expect(await readdir(folder)).toEqual(['orders.http.json']);
});

test('prints the same as one line of JSON', async () => {
  const { stdout } = await preview(['--page-size', '10', '--pages', '2', '--json']);

  expect(stdout.trimEnd()).not.toContain('\n');
  expect(JSON.parse(stdout)).toMatchObject({
    status: 'SUCCEEDED',
    pageSize: 10,
    guessedRecords: '$.data',
    pages: [{ page: 1, requests: [{ status: 200, bytes: 111 }], records: 10, isLast: false, decision: 'next: offset 10 (10 of 25 records)' }, { page: 2 }],
    estimate: { pages: 3, records: 25 },
    warnings: [{ name: 'no-encryption' }],
    records: numbered(20),
  });
});

test.each([[[]], [['--json']]])('a refusal is told without the secret: %j', async (args) => {
  const { code, stdout, stderr } = await preview(args, { token: 'wrong-token' });

  expect(code).toBe(1);
  expect(`${stdout}${stderr}`).toMatch(/answered 403 Forbidden/);
  expect(`${stdout}${stderr}`).not.toMatch(/wrong-token|s3cr3t/);
});

test('Ctrl-C ends it at once, without a message', async () => {
  const file = join(folder, 'silent.http.json');
  await writeFile(file, JSON.stringify({ url: `${server.origin}/orders?silent=1`, pagination: { style: 'single' }, privateNetwork: true }));
  const before = server.received.length;
  const command = spawn(process.execPath, [COMMAND, 'preview', file]);
  let said = '';
  for (const stream of [command.stdout, command.stderr]) stream.on('data', (text: Buffer) => { said += text.toString(); });
  while (server.received.length === before) await new Promise((resolve) => { setTimeout(resolve, 20); });
  command.kill('SIGINT');
  const [code] = await once(command, 'close') as [number];
  expect({ code, said }).toEqual({ code: 130, said: '' });
});

test('wrong settings are wrong usage', async () => {
  expect(await preview([], { settings: { recrods: '$' } })).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean records?') });
});
