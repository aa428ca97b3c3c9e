import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkHttpSettings } from '../../../src/protocol/http-check/check-http-settings';
import { numbered, ScriptedServer } from '../../source/http/kit';

/** `detect` as a process, and what is done with its file. */

jest.setTimeout(60_000);

const COMMAND = join(__dirname, '..', '..', '..', 'lib', 'local', 'cli.js');

let folder: string;
let server: ScriptedServer;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'detect-')); });
afterEach(async () => rm(folder, { recursive: true, force: true }));
beforeAll(async () => {
  server = await ScriptedServer.start(({ query, headers }) => {
    const from = Number(query.offset ?? 0);
    if (headers.authorization !== 'Bearer hunter2') return { status: 403, body: { message: `no ${headers.authorization}` } };
    return { body: { data: numbered(25).slice(from, from + Number(query.limit ?? 10)), offset: from, total: 25 } };
  });
});
afterAll(async () => server.close());

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(...args: string[]): Promise<Ended> {
  const ended = promisify(execFile)(process.execPath, [COMMAND, ...args], { cwd: folder, env: { ...process.env, SOURCE_TOKEN: 'hunter2' } });
  return ended.then((outputs) => ({ ...outputs, code: 0 }), (error: Ended) => error);
}

async function detect(...args: string[]): Promise<Ended> {
  return run('detect', `${server.origin}/orders`, '--private-network', ...args);
}

const HEADER = ['--header', 'Authorization: Bearer hunter2'];

test('prints the settings alone on standard output, and the reasons on standard error', async () => {
  const { code, stdout, stderr } = await detect(...HEADER);

  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringMatching(/^After \d+ requests:\n {2}auth: the header Authorization is a credential\. Its value is not written/) });
  const settings: unknown = JSON.parse(stdout);
  expect(() => checkHttpSettings('here', settings)).not.toThrow();
  expect(settings).toMatchObject({ records: '$.data', pagination: { style: 'offset', offset: { query: 'offset' }, limit: { query: 'limit' } } });
  expect(`${stdout}${stderr}`).not.toContain('hunter2');
  expect(await readdir(folder)).toEqual([]);
});

test('the file that it writes can be previewed and run', async () => {
  expect(await detect(...HEADER, '--out', 'orders.http.json')).toMatchObject({ code: 0, stdout: '' });
  expect(await readFile(join(folder, 'orders.http.json'), 'utf8')).not.toContain('hunter2');

  const preview = await run('preview', 'orders.http.json', '--page-size', '10', '--json');
  expect(JSON.parse(preview.stdout)).toMatchObject({ records: numbered(25), warnings: [{ name: 'no-encryption' }] });
  const imported = await run('run', 'orders.http.json', '--page-size', '10', '--json');
  expect(JSON.parse(imported.stdout)).toMatchObject({ records: 25 });
});

test('an existing file is replaced only when that is asked for', async () => {
  await writeFile(join(folder, 'orders.http.json'), 'mine');
  const before = server.received.length;
  expect(await detect(...HEADER, '--out', 'orders.http.json')).toMatchObject({ code: 2, stderr: expect.stringContaining('exists; add --force to replace it') });
  expect(server.received).toHaveLength(before);
  expect(await readFile(join(folder, 'orders.http.json'), 'utf8')).toBe('mine');

  expect(await detect(...HEADER, '--out', 'orders.http.json', '--force')).toMatchObject({ code: 0 });
  expect(await readFile(join(folder, 'orders.http.json'), 'utf8')).toContain('"pagination"');
});

test('a refusal is told without the credential, and leaves no file', async () => {
  const { code, stdout, stderr } = await detect('--header', 'Authorization: Bearer wrong-token', '--out', 'orders.http.json');

  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/No settings were found: .*answered 403 Forbidden/);
  expect(stderr).not.toContain('wrong-token');
  expect(await readdir(folder)).toEqual([]);
});

test('an address inside is refused, with the option that allows it', async () => {
  const { code, stderr } = await run('detect', `${server.origin}/orders`);

  expect(code).toBe(1);
  expect(stderr).toMatch(/private range.*add --private-network/);
});
