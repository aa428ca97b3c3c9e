import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { csvParse } from 'd3-dsv';
import { manifestKey } from '../../../src/protocol/manifest';
import { Order, order } from '../../integration/fixtures/order';

// A process with a bundler in it; a machine that is busy with other tests may need more.
jest.setTimeout(60_000);

const COMMAND = join(__dirname, '..', '..', '..', 'lib', 'local', 'cli.js');
const SOURCE = join(__dirname, '..', '..', 'integration', 'fixtures', 'orders.source.ts');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'command-'));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

/** What the command says of a run that must succeed. */
async function run(...args: string[]): Promise<{ readonly file: string; readonly records: number; readonly bytes: number }> {
  const { stdout } = await promisify(execFile)(process.execPath, [COMMAND, 'run', SOURCE, '--page-size', '10', '--json', ...args], { cwd: folder });
  return JSON.parse(stdout);
}

const READERS: readonly [string, (text: string) => unknown[]][] = [
  ['jsonl', (text) => text.trimEnd().split('\n').map((line) => JSON.parse(line) as Order)],
  ['json', (text) => JSON.parse(text) as Order[]],
  ['csv', (text) => [...csvParse(text, ({ id, label, text: said }): Order => ({ id: Number(id), label: label!, text: said! }))]],
];

test.each(READERS.flatMap(([format, read]) => [false, true].map((gzip) => ({ format, gzip, read }))))(
  'writes $format, gzip: $gzip, with its manifest', async ({ format, gzip, read }) => {
    const args = ['--format', format, ...gzip ? ['--gzip'] : [], '--input', JSON.stringify({ count: 45 })];
    const { file, records, bytes } = await run(...args);
    expect(file).toBe(join(folder, `orders.${format}${gzip ? '.gz' : ''}`));
    const written = await readFile(file);
    expect(read((gzip ? gunzipSync(written) : written).toString())).toEqual(Array.from({ length: 45 }, (_, id) => order(id, 'orders')));
    expect({ records, bytes }).toEqual({ records: 45, bytes: written.byteLength });
    expect(JSON.parse(await readFile(manifestKey(file), 'utf8'))).toMatchObject({ format, compression: gzip ? 'gzip' : 'none', records: 45, bytes });
  },
);

test('says of a failed run that nothing is left to resume, which the error itself offers', async () => {
  const source = join(folder, 'broken.source.ts');
  await writeFile(source, 'export default async () => ({ records: null });');
  const failed: unknown = await promisify(execFile)(process.execPath, [COMMAND, 'run', source, '--page-size', '10'], { cwd: folder }).catch((error) => error);
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringMatching(/records is null.*resumeFrom.*\nThis run is over, .*run the command again\.\n$/s) });
});
