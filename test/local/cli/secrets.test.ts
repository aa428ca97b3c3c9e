import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../../../scripts/paths.mts';
import { QUOTES, SECRETS } from '../../integration/fixtures/throwing.source';

// Each run is a process with a bundler in it; a machine that is busy with other tests may need more.
jest.setTimeout(60_000);

const COMMAND = join(ROOT, 'lib', 'local', 'cli.js');
const SOURCE = join(ROOT, 'test', 'integration', 'fixtures', 'throwing.source.ts');

test.each(['text', 'JSON'])('what the command says of a failed run as %s, to the terminal and in its log, shows no secret, and it leaves no file', async (form) => {
  const folder = await mkdtemp(join(tmpdir(), 'secrets-'));
  const input = { since: SECRETS.input, credentials: { name: SECRETS.password }, place: 'an error that is not retried', quote: 'plain words' };
  const args = ['run', SOURCE, '--page-size', '1', '--input', JSON.stringify(input), ...form === 'JSON' ? ['--json'] : []];
  const ended = promisify(execFile)(process.execPath, [COMMAND, ...args], { cwd: folder });
  const failed = await ended.then(() => undefined, (error: { readonly stdout: string; readonly stderr: string }) => error);
  const said = `${failed!.stdout}${failed!.stderr}`;

  expect(said).toContain('FetchPageError');
  expect(said).toContain('cursor [page token] of [input], password [input], bearer [redacted]');
  for (const secret of Object.values(SECRETS)) expect(said).not.toContain(secret);
  expect(QUOTES['plain words']).toContain(SECRETS.token);
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true });
});
