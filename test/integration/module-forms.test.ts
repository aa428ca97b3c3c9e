import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { FetchPageHandler } from 'cdk-paginated-import';
import { compiledToCommonJs } from '../kit/compiled-module';
import { TestCloud } from './kit';

/** Every form in which a source may come, by every way in which it may get into a fetch function. */

const ROOT = join(__dirname, '..', '..');
const COMMAND = join(ROOT, 'lib', 'local', 'cli.js');

/** What each of them imports. */
const RECORDS = [{ id: 1 }, { id: 2 }];

const PAGE = '({ offset }: { offset: number }) => offset === 0 ? [{ id: 1 }, { id: 2 }] : []';
const PLAIN = `export default ${PAGE};`;
const DEFINED = `import { defineSource } from 'cdk-paginated-import/source';\nexport default defineSource({ fetchPage: async ${PAGE} });`;
/** With an export of the name that an object with a handler has. */
const NAMED_TOO = `export const fetchPage = () => { throw new Error('not this one'); };\nexport default { fetchPage: async ${PAGE} };`;
const PLAIN_JS = PLAIN.replace(': { offset: number }', '');

/** By the file that it is in. */
const FORMS: Readonly<Record<string, string>> = {
  'plain.ts': PLAIN,
  'plain.mjs': PLAIN_JS,
  'plain.cts': PLAIN,
  'exported.cjs': PLAIN_JS.replace('export default', 'module.exports ='),
  'compiled.js': compiledToCommonJs(PLAIN),
  'compiled.cjs': compiledToCommonJs(PLAIN),
  'defined.ts': DEFINED,
  'compiled-defined.js': compiledToCommonJs(DEFINED),
  'compiled-defined.cjs': compiledToCommonJs(DEFINED),
  'compiled-named-too.cjs': compiledToCommonJs(NAMED_TOO),
  'of-compiled.mjs': 'import source from "./compiled.cjs"; export default source;',
  'again.mjs': 'export { default } from "./compiled-defined.cjs";',
  'namespace.mjs': 'export * as default from "./plain.mjs";',
};

const FILES = Object.keys(FORMS);

/** Forms that Node.js runs as they are. It removes the types of TypeScript and compiles nothing, so `.cts` with `export` is not one. */
const WITHOUT_ESBUILD = FILES.filter((file) => file !== 'plain.cts');

const idOf = (file: string): string => file.replaceAll('.', '-');

let folder: string;

/** The forms, and what they import, in a folder for which no esbuild is installed. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'module-forms-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(ROOT, join(folder, 'node_modules', 'cdk-paginated-import'));
  for (const [file, text] of Object.entries(FORMS)) writeFileSync(join(folder, file), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder whose module is one of the forms. */
function codeOf(file: string): lambda.Code {
  const code = join(folder, `code-${file}`);
  mkdirSync(code);
  writeFileSync(join(code, 'source.mjs'), `export { default } from ${JSON.stringify(join(folder, file))};`);
  return lambda.Code.fromAsset(code);
}

describe.each<[string, string[], (file: string) => FetchPageHandler]>([
  ['fromEntry', FILES, (file) => FetchPageHandler.fromEntry(join(folder, file))],
  ['fromCode', WITHOUT_ESBUILD, (file) => FetchPageHandler.fromCode(codeOf(file))],
])('%s', (_way, files, handlerOf) => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await TestCloud.start((stack) => files.forEach((file) => stack.machine(idOf(file), { fetchPage: handlerOf(file) })));
  }, 120_000);
  afterAll(async () => cloud?.[Symbol.asyncDispose]());

  test.each(files)('%s', async (file) => {
    const { output } = await cloud.import(idOf(file), {});
    expect(cloud.records(output)).toEqual(RECORDS);
  });
});

test.each(['plain.ts', 'compiled.js', 'compiled-defined.cjs', 'of-compiled.mjs'])('the command, without esbuild: %s', async (file) => {
  const { stdout } = await promisify(execFile)(process.execPath, [COMMAND, 'run', file, '--page-size', '2', '--json', '--out', `${file}.jsonl`], { cwd: folder });
  expect(JSON.parse(stdout)).toMatchObject({ status: 'SUCCEEDED', records: 2 });
});
