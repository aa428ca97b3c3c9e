import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { numbered, ScriptedServer } from '../../source/http/kit';

/** The command with a source without code. */

// A process of its own; a machine that is busy with other tests may need more.
jest.setTimeout(60_000);

const COMMAND = join(__dirname, '..', '..', '..', 'lib', 'local', 'cli.js');

let folder: string;
let server: ScriptedServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settings-'));
  server = await ScriptedServer.start(({ query, headers }) => {
    const from = Number(query.offset);
    if (headers.authorization !== 'Bearer hunter2') return { status: 403, body: { message: `no ${headers.authorization}` } };
    return { body: { data: numbered(25).slice(from, from + Number(query.limit)) } };
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

async function run(text: string, token = 'hunter2'): Promise<Ended> {
  const file = join(folder, 'orders.http.json');
  await writeFile(file, text);
  const options = { cwd: folder, env: { ...process.env, SHOP_TOKEN: token } };
  const ended = promisify(execFile)(process.execPath, [COMMAND, 'run', file, '--page-size', '10', '--json', '--force'], options);
  return ended.then((outputs) => ({ ...outputs, code: 0 }), (error: Ended) => error);
}

function settings(more: object = {}): string {
  return JSON.stringify({
    $schema: './http-source.schema.json',
    url: `${server.origin}/orders`,
    pagination: { style: 'offset', offset: { query: 'offset' }, limit: { query: 'limit' } },
    auth: { kind: 'bearer', token: { environment: 'SHOP_TOKEN' } },
    privateNetwork: true,
    ...more,
  });
}

test('every record is written, and the log says where the records were found', async () => {
  const { code, stdout, stderr } = await run(settings());

  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('The records are taken from $.data.') });
  expect(JSON.parse(stdout)).toMatchObject({ file: join(folder, 'orders.jsonl'), records: 25 });
  expect((await readFile(join(folder, 'orders.jsonl'), 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual(numbered(25));
});

test('a refusal is told, without the secret', async () => {
  const { code, stdout, stderr } = await run(settings(), 'wrong-token');

  expect(code).toBe(1);
  expect(`${stdout}${stderr}`).toMatch(/answered 403 Forbidden/);
  expect(`${stdout}${stderr}`).not.toContain('wrong-token');
});

test.each<[string, () => string, RegExp]>([
  ['a file that is not JSON', () => '{ "url": }', /orders\.http\.json is not JSON: /],
  ['a wrong setting', () => settings({ recrods: '$.data' }), /orders\.http\.json: recrods is not a setting; did you mean records\?/],
])('%s is wrong usage', async (_, text, message) => {
  const { code, stderr } = await run(text());

  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});
