import { chmodSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OutputFiles } from '../../../src/local/cli/output-files';
import { TemporaryFiles } from '../../../src/local/cli/temporary-files';
import { LocalS3, startLocalS3 } from '../../../src/local/s3/local-s3';
import { ImportResult } from '../../../src/protocol/machine-state';
import { manifestKey } from '../../../src/protocol/manifest';

const RESULT: ImportResult = {
  importId: '7d0f', outcome: 'published', bucket: 'published', key: 'import.jsonl', manifestKey: manifestKey('import.jsonl'), records: 1, pages: 1, bytes: 3, crc32: 'AAAAAA==',
  warnings: [],
};

let s3: LocalS3;
let folder: string;
let temporary: TemporaryFiles;

beforeAll(async () => {
  s3 = await startLocalS3();
  s3.createBucket(RESULT.bucket);
  for (const [key, body] of [[RESULT.key, 'new'], [RESULT.manifestKey, '{}']]) {
    await fetch(`${s3.endpoint}/${RESULT.bucket}/${key}`, { method: 'PUT', body });
  }
});
afterAll(async () => s3.close());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'output-files-'));
  temporary = new TemporaryFiles();
});
afterEach(() => {
  temporary[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

function path(...names: string[]): string {
  return join(folder, ...names);
}

function files(file: string, { force = false, sources = [] as string[] } = {}): OutputFiles {
  return new OutputFiles(file, { force, sources, temporary });
}

async function write(output: OutputFiles, signal = new AbortController().signal): Promise<string | undefined> {
  return output.write(s3, RESULT, signal);
}

describe('what is written', () => {
  test('is the records and the manifest, and nothing else', async () => {
    expect(await write(files(path('a.jsonl')))).toBe(path('a.jsonl'));
    expect(readFileSync(path('a.jsonl'), 'utf8')).toBe('new');
    expect(readFileSync(manifestKey(path('a.jsonl')), 'utf8')).toBe('{}');
    expect(readdirSync(folder)).toHaveLength(2);
  });

  test('replaces files that exist where that is asked for, with their permissions', async () => {
    writeFileSync(path('a.jsonl'), 'old');
    chmodSync(path('a.jsonl'), 0o600);
    await write(files(path('a.jsonl'), { force: true }));
    expect(readFileSync(path('a.jsonl'), 'utf8')).toBe('new');
    expect(statSync(path('a.jsonl')).mode & 0o777).toBe(0o600);
  });

  test('replaces the file that a link leads to, not the link', async () => {
    mkdirSync(path('data'));
    writeFileSync(path('data', 'real.jsonl'), 'old');
    symlinkSync(path('data', 'real.jsonl'), path('a.jsonl'));
    await write(files(path('a.jsonl'), { force: true }));
    expect(readFileSync(path('data', 'real.jsonl'), 'utf8')).toBe('new');
  });

  test('gets another name where a file has appeared meanwhile', async () => {
    const output = files(path('a.jsonl'));
    writeFileSync(path('a.jsonl'), 'somebody else\'s');
    expect(await write(output)).toBe(path('7d0f-a.jsonl'));
    expect(readFileSync(path('a.jsonl'), 'utf8')).toBe('somebody else\'s');
    expect(readFileSync(path('7d0f-a.jsonl'), 'utf8')).toBe('new');
    expect(readFileSync(manifestKey(path('7d0f-a.jsonl')), 'utf8')).toBe('{}');
  });
});

describe('the old file stands, and no other is left,', () => {
  beforeEach(() => writeFileSync(path('a.jsonl'), 'old'));
  afterEach(() => {
    temporary[Symbol.dispose]();
    expect(readFileSync(path('a.jsonl'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['a.jsonl']);
  });

  test('where the files are only checked', () => {
    files(path('a.jsonl'), { force: true });
  });

  test('where writing fails half-way', async () => {
    const output = files(path('a.jsonl'), { force: true });
    await expect(output.write(s3, { ...RESULT, manifestKey: 'missing' }, new AbortController().signal)).rejects.toThrow(/missing/);
  });

  test('where a signal ends it', async () => {
    const output = files(path('a.jsonl'), { force: true });
    expect(await write(output, AbortSignal.abort())).toBeUndefined();
  });
});

describe('refused before the import begins:', () => {
  test.each<[string, () => OutputFiles, RegExp]>([
    ['a file that exists', () => files(path('old.jsonl')), /old\.jsonl exists; add --force to replace it, or give another path with --out$/],
    ['a manifest that exists', () => files(path('new.jsonl')), /manifest\.json exists; add --force/],
    ['the source', () => files(path('a.data'), { force: true, sources: [path('a.data')] }), /a\.data is part of the source and is never replaced; give another path/],
    ['a link to the source', () => files(path('link.data'), { force: true, sources: [path('a.data')] }), /is part of the source/],
    ['another name of the source', () => files(path('hard.data'), { force: true, sources: [path('a.data')] }), /is part of the source/],
    ['code of which is not known whether it is the source\'s', () => files(path('other.ts'), { force: true }), /may be code, which is never replaced; give another path/],
    ['a folder', () => files(path('folder'), { force: true }), /folder is a folder; give the path of a file with --out$/],
    ['a folder that does not exist', () => files(path('none', 'a.jsonl')), /there is no folder .*none; create it, or give another path/],
    ['a folder that is a file', () => files(path('a.data', 'a.jsonl')), /there is no folder .*a\.data; create it/],
    ['a link that leads nowhere', () => files(path('dangling')), /dangling is a link to a file that does not exist/],
    ['a device', () => files('/dev/null', { force: true }), /\/dev\/null is not a regular file/],
    ['a file system that cannot be written to', () => files('/proc/a.jsonl'), /\/proc\/a\.jsonl cannot be written \(.*\); give another path/],
    ['a name that is too long', () => files(path('x'.repeat(300))), /cannot be written \(.*\); give another path/],
  ])('%s', (_, attempt, message) => {
    writeFileSync(path('old.jsonl'), 'old');
    writeFileSync(manifestKey(path('new.jsonl')), 'old');
    writeFileSync(path('a.data'), 'source');
    writeFileSync(path('other.ts'), 'code');
    mkdirSync(path('folder'));
    symlinkSync(path('a.data'), path('link.data'));
    linkSync(path('a.data'), path('hard.data'));
    symlinkSync(path('nowhere'), path('dangling'));
    const before = readdirSync(folder);
    expect(attempt).toThrow(expect.objectContaining({ name: 'UsageError', message: expect.stringMatching(message) as string }));
    expect(readdirSync(folder)).toEqual(before);
  });
});
