import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { JsonValue } from '../../src/protocol/json';
import { ImportResult } from '../../src/protocol/machine-state';
import { DEFAULT_OUTPUT, OutputSettings } from '../../src/protocol/output-settings';
import { collect } from '../kit/collect';
import { MemoryS3, MemoryS3Options } from '../kit/memory-store';
import { ScriptedSource } from '../kit/scripted-source';
import { CACHE_BUCKET, DESTINATION_BUCKET } from '../kit/test-machine';

/**
 * A golden log: the files that an import has left in its buckets, and the expected result of resuming it.
 *
 * ```
 * test/golden/format-<version>/<name>/golden.json         this description
 *                                     expected.<format>   the object at the destination in the end, or all parts in a row, decompressed
 *                                     <bucket>/<key>      the files, exactly as in the buckets
 * ```
 */
export interface Golden extends Description {
  readonly name: string;
  readonly files: Files;
  /** The final object at the destination, byte by byte. Decompressed, since compressors differ. */
  readonly expected: string;
}

/** `golden.json` */
export interface Description {
  /** What the import was doing when it was abandoned. */
  readonly about: string;
  readonly importId: string;
  /** The source's answers, page by page, including pages that are already committed. */
  readonly answers: readonly JsonValue[];
  /** Number of pages that are already committed. */
  readonly committedPages: number;
  /** User metadata of the objects, by bucket and key; those of the destination have some. */
  readonly metadata: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The import's output, as in its file. Default: JSON Lines, in one object. */
  readonly output?: OutputSettings;
  /** Key of its destination, with placeholders. Default: that of the kit. */
  readonly destinationKey?: string;
  /** Expected outcome. */
  readonly result: Pick<ImportResult, 'outcome' | 'records' | 'pages'>;
}

/** Contents by bucket and key, as in `cache-bucket/cache/orders/<importId>/import.json`. */
export type Files = ReadonlyMap<string, Buffer>;

const BUCKETS = [CACHE_BUCKET, DESTINATION_BUCKET];

/** Folder of all golden logs of a format version. */
export function formatFolder(version: number): string {
  return join(__dirname, `format-${version}`);
}

/** Every golden log that is kept, of all format versions. */
export function readGoldens(): Golden[] {
  const formats = readdirSync(__dirname).filter((name) => name.startsWith('format-'));
  return formats.flatMap((format) => readdirSync(join(__dirname, format)).map((name) => readGolden(format, name)));
}

function readGolden(format: string, name: string): Golden {
  const folder = join(__dirname, format, name);
  const description = JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8')) as Description;
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.parentPath !== folder)
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const files = new Map(paths.map((path) => [path, readFileSync(join(folder, path))]));
  return { ...description, name: `${format}/${name}`, files, expected: readFileSync(join(folder, expectedFile(description)), 'utf8') };
}

function expectedFile({ output = DEFAULT_OUTPUT }: Pick<Description, 'output'>): string {
  return `expected.${output.format.name}`;
}

/** Writes a golden log into a folder. */
export function writeGolden(folder: string, { name: _, files, expected, ...description }: Golden): void {
  const all = [['golden.json', `${JSON.stringify(description, undefined, 2)}\n`], [expectedFile(description), expected], ...files] as const;
  for (const [path, content] of all) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** All files of the buckets. */
export async function filesOf(s3: MemoryS3): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const bucket of BUCKETS) {
    const store = s3.store(bucket);
    for (const key of await collect(store.list(''))) files.set(`${bucket}/${key}`, Buffer.from((await store.read(key))!));
  }
  return files;
}

/** Buckets with these files in them. */
export async function bucketsWith({ files, metadata }: Pick<Golden, 'files' | 'metadata'>, options?: MemoryS3Options): Promise<MemoryS3> {
  const s3 = new MemoryS3(options);
  for (const [path, content] of files) {
    const [bucket, ...key] = path.split('/');
    await s3.store(bucket!).writeIf(key.join('/'), content, 'absent', { metadata: metadata[path] ?? {} });
  }
  return s3;
}

/** The source of a golden log. It requires the token that it has given, now or when the log was written. */
export function sourceOf({ answers }: Pick<Golden, 'answers'>): ScriptedSource {
  return new ScriptedSource(({ pageNumber, pageToken }) => {
    const before = answers[pageNumber - 2] as { readonly nextPageToken?: JsonValue } | undefined;
    const given = before?.nextPageToken ?? null;
    if (!isDeepStrictEqual(pageToken, given)) throw new Error(`page ${pageNumber} was asked for with another token`);
    if (pageNumber > answers.length) return [];
    return answers[pageNumber - 1];
  });
}

/** The records of a source's answers, in order. */
export function recordsOf(answers: readonly JsonValue[]): JsonValue[] {
  return answers.flatMap((answer) => (Array.isArray(answer) ? answer : (answer as { readonly records: JsonValue[] }).records));
}
