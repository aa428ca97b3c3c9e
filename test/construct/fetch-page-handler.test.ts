import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { FetchPageHandler, PaginatedImport, PaginatedImportStateMachine, SourceEntryOptions } from '../../src';
import { BUNDLE_FILE, bundleFolder, LambdaBundle } from '../../src/construct/bundles/lambda-bundle';
import { checkLoads } from '../../src/construct/source/loaded-source';
import { FIXTURES, flat, functionOf, importStack, propertiesOf, statementsOf, TestStack } from './kit';

const ENTRY = path.join(FIXTURES, 'orders.source.ts');

let folder: string;

beforeEach(() => {
  // Its real path: esbuild resolves links.
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'handler-')));
});

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Writes files below the test's folder. */
function write(files: { readonly [name: string]: string }): void {
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
}

/** The code of a fetch function as it would be deployed. */
function deployed(...handlers: FetchPageHandler[]): Deployed[] {
  const stack = new TestStack(new App({ outdir: fs.mkdtempSync(path.join(folder, 'cdk.out-')) }));
  const imports = handlers.map((fetchPage, index) => new PaginatedImportStateMachine(stack, `Import${index}`, stack.props({ fetchPage })));
  const template = Template.fromStack(stack);
  const { directory } = (stack.node.root as App).synth();
  return imports.map(({ paginatedImport }) => {
    const properties = propertiesOf(template, functionOf(paginatedImport, 'Fetch'));
    const hash = properties.Code.S3Key.replace('.zip', '');
    return { hash, directory: path.join(directory, `asset.${hash}`), environment: properties.Environment.Variables };
  });
}

interface Deployed {
  readonly hash: string;
  readonly directory: string;
  readonly environment: { readonly [name: string]: unknown };
}

function deployedEntry(file: string, options?: SourceEntryOptions): Deployed {
  return deployed(FetchPageHandler.fromEntry(path.join(folder, file), options))[0]!;
}

/** What the deployed handler answers, in a process of its own. */
function answer({ directory }: Deployed, request: object = { offset: 0, pageSize: 3 }): unknown {
  const url = JSON.stringify(`file://${directory}/source.mjs`);
  const script = `const { default: handler } = await import(${url}); console.log(JSON.stringify(await handler(${JSON.stringify(request)})));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' }));
}

describe('fromEntry', () => {
  test('deploys the module alone, with the prebuilt loop beside it', () => {
    const [code] = deployed(FetchPageHandler.fromEntry(ENTRY));
    expect(fs.readdirSync(code!.directory).sort()).toEqual([BUNDLE_FILE, 'source.mjs']);
    const loop = fs.readFileSync(path.join(bundleFolder(LambdaBundle.FETCH), BUNDLE_FILE));
    expect(fs.readFileSync(path.join(code!.directory, BUNDLE_FILE)).equals(loop)).toBe(true);
    expect(answer(code!)).toEqual([0, 1, 2]);
  });

  test('keeps two entries of one folder apart', () => {
    write({ 'a.ts': 'export default () => ["a"];', 'b.ts': 'export default () => ["b"];' });
    const [a, b] = deployed(...['a.ts', 'b.ts'].map((file) => FetchPageHandler.fromEntry(path.join(folder, file))));
    expect([answer(a!), answer(b!)]).toEqual([['a'], ['b']]);
  });

  test('may be used for two imports', () => {
    const handler = FetchPageHandler.fromEntry(ENTRY);
    const [first, second] = deployed(handler, handler);
    expect(first!.hash).toBe(second!.hash);
  });

  test('has the same hash in every folder, whatever the working folder', () => {
    const module = { 'src/orders.ts': 'import { page } from "../lib/page"; export default () => page;', 'lib/page.ts': 'export const page = ["x"];' };
    write(Object.fromEntries(Object.entries(module).flatMap(([name, text]) => [[`here/${name}`, text], [`some/where/else/${name}`, text]])));
    const here = deployedEntry('here/src/orders.ts', { sourceMap: true });
    const cwd = process.cwd();
    process.chdir('/');
    write({ 'some/where/else/node_modules/esbuild/package.json': '{"main":"main.js"}' });
    write({ 'some/where/else/node_modules/esbuild/main.js': `module.exports = require(${JSON.stringify(path.join(cwd, 'node_modules', 'esbuild'))});` });
    try {
      expect(deployedEntry('some/where/else/src/orders.ts', { sourceMap: true }).hash).toBe(here.hash);
    } finally {
      process.chdir(cwd);
    }
  });

  test('changes the hash with the code', () => {
    write({ 'a.ts': 'export default () => ["a"];', 'b/a.ts': 'export default () => ["b"];' });
    expect(deployedEntry('a.ts').hash).not.toBe(deployedEntry('b/a.ts').hash);
  });

  test('takes top-level await and CommonJS', () => {
    write({
      'await.ts': 'const rows = await Promise.resolve(["awaited"]); export default async () => rows;',
      'common.cjs': 'const path = require("node:path"); module.exports = () => [path.basename("/x/common"), typeof __dirname];',
    });
    expect(answer(deployedEntry('await.ts'))).toEqual(['awaited']);
    expect(answer(deployedEntry('common.cjs'))).toEqual(['common', 'string']);
  });

  test('gives CommonJS packages their require and __dirname, and leaves a module its own', () => {
    write({
      'node_modules/legacy/package.json': '{"name":"legacy","main":"index.js"}',
      'node_modules/legacy/index.js': 'const name = "node:os"; exports.eol = require(name).EOL; exports.folder = typeof __dirname; exports.file = typeof __filename;',
      'own.ts': 'import { createRequire } from "node:module"; import legacy from "legacy";\n'
        + 'const require = createRequire(import.meta.url); const __dirname = "mine";\n'
        + 'export default () => [legacy.eol, legacy.folder, legacy.file, typeof require("node:fs").readFileSync, __dirname];',
    });
    expect(answer(deployedEntry('own.ts'))).toEqual(['\n', 'string', 'string', 'function', 'mine']);
  });

  test.each([
    'URL', 'globalThis', 'global', 'process', 'Buffer', 'console', 'require', 'module', 'exports', '__dirname', '__filename', 'Object', 'Proxy', 'Error', 'Promise',
    'createRequire', 'createRequireOfBundle', 'fileURLToPath', 'fileOfBundle', 'runInThisContext',
  ])('works where a package has a variable named %s at its top level', (name) => {
    write({
      'node_modules/legacy/package.json': '{"name":"legacy","main":"index.js"}',
      'node_modules/legacy/index.js': 'const name = "node:os"; exports.eol = require(name).EOL; exports.folder = typeof __dirname; exports.file = typeof __filename;',
      'node_modules/hiding/package.json': '{"name":"hiding","type":"module","exports":"./index.js"}',
      'node_modules/hiding/index.js': `var ${name} = "hidden"; export { ${name} as hidden };`,
      'hiding.ts': `import { hidden } from "hiding"; import legacy from "legacy";\nexport const ${name} = "mine";\n`
        + `export default () => [legacy.eol, legacy.folder, legacy.file, hidden, ${name}];`,
    });
    expect(answer(deployedEntry('hiding.ts'))).toEqual(['\n', 'string', 'string', 'hidden', 'mine']);
    expect(answer(deployedEntry('hiding.ts', { minify: true }))).toEqual(['\n', 'string', 'string', 'hidden', 'mine']);
  });

  /** As node-fetch 2 and others are packed: `require` gives a function, which `module` would make an object. */
  const DUAL_PACKAGE = {
    'node_modules/dual/package.json': '{"name":"dual","main":"main.js","module":"module.mjs"}',
    'node_modules/dual/main.js': 'module.exports = () => "main";',
    'node_modules/dual/module.mjs': 'export default () => "module";',
  };

  /** As TypeScript packs modules: `main` hands `require` on, where no bundler sees what it asks for. */
  const UMD_PACKAGE = {
    'node_modules/umd/package.json': '{"name":"umd","main":"./lib/umd/main.js","module":"./lib/esm/main.js"}',
    'node_modules/umd/lib/umd/main.js': '(function (factory) { if (typeof module === "object" && typeof module.exports === "object") { var v = factory(require, exports); }\n'
      + 'else if (typeof define === "function" && define.amd) { define(["require", "exports", "./part"], factory); } })(function (require, exports) {\n'
      + 'Object.defineProperty(exports, "__esModule", { value: true }); exports.part = require("./part").part; });',
    'node_modules/umd/lib/umd/part.js': 'exports.part = "umd";',
    'node_modules/umd/lib/esm/package.json': '{"type":"module"}',
    'node_modules/umd/lib/esm/main.js': 'export { part } from "./part";',
    'node_modules/umd/lib/esm/part.js': 'export const part = "esm";',
  };

  test('gives a CommonJS module what Node.js would give it, of a package with main and module', () => {
    write({ ...DUAL_PACKAGE, 'a.cjs': 'const dual = require("dual"); module.exports = () => [dual()];' });
    expect(answer(deployedEntry('a.cjs'))).toEqual(['main']);
  });

  test('gives an ES module the same, and a CommonJS package beside it as well', () => {
    write({
      ...DUAL_PACKAGE,
      'node_modules/user/package.json': '{"name":"user","main":"index.js"}',
      'node_modules/user/index.js': 'exports.which = require("dual")();',
      'a.mjs': 'import dual from "dual"; import user from "user"; export default () => [dual(), user.which];',
    });
    expect(answer(deployedEntry('a.mjs'))).toEqual(['main', 'main']);
  });

  test.each([
    ['an import', 'a.ts', 'import { part } from "umd"; export default () => [part];'],
    ['a require', 'a.cjs', 'const { part } = require("umd"); module.exports = () => [part];'],
  ])('takes the module of a package whose main cannot be bundled: %s', (_name, file, text) => {
    write({ ...UMD_PACKAGE, [file]: text });
    expect(answer(deployedEntry(file))).toEqual(['esm']);
  });

  test('takes each package in its own way where a module uses both', () => {
    write({ ...DUAL_PACKAGE, ...UMD_PACKAGE, 'a.cjs': 'const dual = require("dual"); const { part } = require("umd"); module.exports = () => [dual(), part];' });
    expect(answer(deployedEntry('a.cjs'))).toEqual(['main', 'esm']);
  });

  test('bundles the real package of that kind', () => {
    write({ 'a.ts': 'import { parse } from "jsonc-parser"; export default () => parse("[1, /* and */ 2]");', 'node_modules/readme': '' });
    fs.symlinkSync(path.resolve('node_modules/jsonc-parser'), path.join(folder, 'node_modules', 'jsonc-parser'));
    expect(answer(deployedEntry('a.ts'))).toEqual([1, 2]);
  });

  test('takes a module that it has bundled before', () => {
    write({ 'first.ts': 'import { hostname } from "node:os"; export default () => [typeof hostname()];' });
    fs.copyFileSync(path.join(deployedEntry('first.ts').directory, 'source.mjs'), path.join(folder, 'second.mjs'));
    expect(answer(deployedEntry('second.mjs'))).toEqual(['string']);
  });

  test('bundles with the options that are given', () => {
    write({
      'options.ts': 'import { nothing } from "layer-package"; class RateLimitError extends Error {}\n'
        + 'export default async () => [process.env.STAGE, RateLimitError.name, typeof nothing];',
      'node_modules/layer-package/package.json': '{"name":"layer-package","main":"index.js"}',
      'node_modules/layer-package/index.js': 'exports.nothing = undefined;',
    });
    const plain = deployedEntry('options.ts', { define: { 'process.env.STAGE': '"test"' } });
    expect(answer(plain)).toEqual(['test', 'RateLimitError', 'undefined']);
    expect(plain.environment).not.toHaveProperty('NODE_OPTIONS');
    const small = deployedEntry('options.ts', { define: { 'process.env.STAGE': '"test"' }, minify: true });
    expect(answer(small)).toEqual(['test', 'RateLimitError', 'undefined']);
    const external = deployedEntry('options.ts', { external: ['layer-package'] });
    expect(fs.readFileSync(path.join(external.directory, 'source.mjs'), 'utf8')).toContain('from "layer-package"');
  });

  test('deploys a source map where it is asked for, and lets Node.js use it', () => {
    write({ 'mapped.ts': 'export default (): string[] => ["x"];' });
    const code = deployedEntry('mapped.ts', { sourceMap: true });
    const map = JSON.parse(fs.readFileSync(path.join(code.directory, 'source.mjs.map'), 'utf8'));
    expect(map.sources).toEqual(['mapped.ts']);
    expect(code.environment).toMatchObject({ NODE_OPTIONS: '--enable-source-maps' });
  });

  test('leaves NODE_OPTIONS to the user who sets it', () => {
    const { template, orders } = importStack(() => ({
      fetchPage: FetchPageHandler.fromEntry(ENTRY, { sourceMap: true }), fetchFunction: { environment: { NODE_OPTIONS: '--no-warnings' } },
    }));
    expect(propertiesOf(template, orders.fetchFunction).Environment.Variables.NODE_OPTIONS).toBe('--no-warnings');
  });

  describe('refuses at once', () => {
    test.each([
      ['a file that is not there', 'missing.ts', /missing\.ts does not exist; give the path of the source module/],
      ['type declarations', 'orders.d.ts', /orders\.d\.ts contains only type declarations; give the module that they describe instead/],
      ['what is no module', 'orders.json', /orders\.json is not a TypeScript or JavaScript module; give a file that ends with one of \.ts/],
      ['a folder', 'orders.ts', /orders\.ts is a folder; give the module in it instead/],
    ])('%s', (_name, file, message) => {
      write({ 'orders.d.ts': '', 'orders.json': '[]', 'orders.ts/index.ts': '' });
      expect(() => FetchPageHandler.fromEntry(path.join(folder, file))).toThrow(message);
      expect(() => FetchPageHandler.fromEntry(path.join(folder, file))).toThrow(`FetchPageHandler.fromEntry: ${folder}`);
    });
  });

  describe('refuses at synth, naming the file and what to write', () => {
    test.each<[string, { [name: string]: string }, RegExp]>([
      ['a module without exports', { 'a.ts': 'console.log("x");' }, /a\.ts has no default export \(it exports nothing\); export default a function of the request/],
      ['a module with other exports only', { 'a.ts': 'export const fetchPage = () => [];' }, /has no default export \(it exports only fetchPage\)/],
      ['a module that does not parse', { 'a.ts': '\nexport default (' }, /a\.ts cannot be bundled: a\.ts:2: Unexpected end of file\. Correct it/],
      ['a package that is not installed', { 'a.ts': 'import x from "absent-package"; export default x;' },
        /cannot be bundled: a\.ts:1: Could not resolve "absent-package"\. Correct it, or name packages that are available at run time, in a layer, in the option external/],
      ['a package that is compiled on installation', {
        'a.ts': 'import sqlite from "@scope/sqlite"; export default () => sqlite;',
        'node_modules/@scope/sqlite/package.json': '{"name":"@scope/sqlite","main":"lib/index.js"}',
        'node_modules/@scope/sqlite/lib/index.js': 'module.exports = {};',
        'node_modules/@scope/sqlite/binding.gyp': '{}',
      }, /a\.ts uses @scope\/sqlite, which needs a binary.*deploy the handler as a separate function, and use FetchPageHandler\.fromFunction/],
      ['a name that a module of Node.js does not export', { 'a.ts': 'import { absent } from "node:fs";\nexport default () => absent;' },
        /a\.ts cannot be loaded: SyntaxError: The requested module 'node:fs' does not provide an export named 'absent' \(source\.mjs:\d+\)\. .* correct the module$/],
      ['a regular expression that does not parse', { 'a.ts': 'export default (): boolean => /(/.test("x");' },
        /a\.ts cannot be loaded: SyntaxError: Invalid regular expression: \/\(\/: Unterminated group \(source\.mjs:\d+\)/],
      ['a class', { 'a.ts': 'export default class Orders { fetchPage(): string[] { return []; } }' },
        /the default export of .*a\.ts is a class; export an instance of it: export default new Orders\(\)$/],
      ['a class without a name, in TypeScript\'s words', { 'a.ts': '/* why */ export default abstract class<T> { abstract row: T; }' }, /a\.ts is a class/],
      ['a binary', { 'a.ts': 'import x from "./x.node"; export default x;', 'x.node': '' }, /Native code cannot be bundled: .*FetchPageHandler\.fromFunction/],
    ])('%s', (_name, files, message) => {
      write(files);
      expect(() => deployedEntry('a.ts')).toThrow(message);
    });

    test('a project without esbuild, with the command that installs it', () => {
      write({ 'a.ts': 'export default () => [];' });
      const cwd = process.cwd();
      process.chdir(folder);
      try {
        expect(() => deployedEntry('a.ts')).toThrow(/esbuild, which bundles .*a\.ts, is installed neither for .*; run "npm install --save-dev esbuild" in your project/);
      } finally {
        process.chdir(cwd);
      }
    });
  });

  test.each([
    ['text in several lines', 'const text = `\nexport default class Orders {}\n`; export default () => [text.length];', [32]],
    ['a tagged template', 'const text = String.raw`\nexport default class ${1}`; export default () => [text.length];', [23]],
    ['a comment', '/*!\nexport default class Orders {}\n*/ export default () => ["page"];', ['page']],
    ['a comment that is kept', 'import(/*\nexport default class Orders {}\n*/ "node:os"); export default () => ["page"];', ['page']],
    ['an object of a class', 'export default new (class { fetchPage() { return ["page"]; } })().fetchPage;', ['page']],
  ])('takes %s for no class', (_name, text, page) => {
    write({ 'a.ts': text });
    expect(answer(deployedEntry('a.ts'))).toEqual(page);
  });

  test('takes a name that the installed version of an external package does not export', () => {
    write({
      'a.ts': 'import { newer } from "layer-package"; export default () => newer;',
      'node_modules/layer-package/package.json': '{"name":"layer-package","type":"module","main":"index.js"}',
      'node_modules/layer-package/index.js': 'export const older = 1;',
    });
    expect(() => deployedEntry('a.ts', { external: ['layer-package'] })).not.toThrow();
  });

  describe('with checkEntry', () => {
    const checked = (text: string, options: SourceEntryOptions = {}): Deployed => {
      write({ 'a.ts': text });
      return deployedEntry('a.ts', { checkEntry: true, ...options });
    };

    test.each<[string, string]>([
      ['a function', 'export default () => ["page"];'],
      ['a function behind a top-level await', 'await Promise.resolve(); export default async () => ["page"];'],
      ['a function in a module that leaves something running', 'setInterval(() => {}, 1000); console.log("x"); console.error("y"); export default () => ["page"];'],
    ])('takes %s', (_name, text) => {
      expect(fs.readFileSync(path.join(checked(text).directory, 'source.mjs'), 'utf8')).toContain('page');
    });

    test.each<[string, string, RegExp]>([
      ['a class behind its name', 'class Orders {}\nexport default Orders;', /its default export is a class; export an instance of it/],
      ['what is no function', 'export default { rows: [] };', /its default export is of type object\. It was loaded/],
      ['an async generator', 'export default async function* () { yield 1; }', /its default export is a generator function; return the records of one page/],
      ['a module that throws', 'if (process.env.API_URL === undefined) throw new Error("API_URL is not set"); export default () => [];',
        /it failed to load \(Error: API_URL is not set\)\. It was loaded at synth .*if it needs its deployment environment, leave checkEntry out$/],
      ['a module that ends its process', 'process.exit(3); export default () => [];', /while it was loaded, its process ended with exit code 3\. /],
      ['a module with an error that nobody awaits', 'process.nextTick(() => { throw new TypeError("late"); }); await new Promise((r) => setTimeout(r, 1e6)); export default () => [];',
        /its process ended with exit code 1: TypeError: late\. /],
      ['a module that waits for nothing', 'await new Promise(() => {}); export default () => [];', /it never finishes loading: it awaits something that does not come\. /],
    ])('refuses %s, with the cause and the way out', (_name, text, message) => {
      expect(() => checked(text)).toThrow(message);
      expect(() => checked(text)).toThrow(`FetchPageHandler.fromEntry: ${path.join(folder, 'a.ts')} cannot be used: `);
      expect(() => deployedEntry('a.ts')).not.toThrow();
    });

    test('has no credentials, and nothing else of the environment of the synth', () => {
      const before = { ...process.env };
      Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'id', AWS_PROFILE: 'admin', API_TOKEN: 'secret', NODE_OPTIONS: '--no-warnings' });
      try {
        checked('const seen = Object.keys(process.env).filter((name) => /KEY|PROFILE|TOKEN|OPTIONS/.test(name)); if (seen.length > 0) throw new Error(seen.join());\n'
          + 'import fs from "node:fs"; if (fs.existsSync(process.env.AWS_SHARED_CREDENTIALS_FILE!)) throw new Error("a file"); export default () => [];');
      } finally {
        process.env = before;
      }
    });

    test('loads external packages that are installed, wherever the app is written to', () => {
      write({
        'node_modules/@scope/layer/package.json': '{"name":"@scope/layer","type":"module","exports":{"./rows":"./rows.js"}}',
        'node_modules/@scope/layer/rows.js': 'import { rows } from "deeper"; export { rows };',
        'node_modules/deeper/package.json': '{"name":"deeper","main":"index.js"}',
        'node_modules/deeper/index.js': 'exports.rows = ["page"];',
      });
      expect(() => checked('import { rows } from "@scope/layer/rows"; if (rows[0] !== "page") throw new Error("no page"); export default () => rows;',
        { external: ['@scope/*'] })).not.toThrow();
    });

    test('names an external package that is not installed', () => {
      expect(() => checked('import layer from "layer-package/rows"; export default () => layer;', { external: ['layer-package'] })).toThrow(
        /Cannot find package 'layer-package' .*layer-package is external, and not installed here: install it as a development dependency, or leave checkEntry out$/);
    });

    test('gives up a module that takes too long', () => {
      write({ 'source.mjs': 'for (;;);' });
      expect(() => checkLoads('/app/a.ts', folder, { externals: [] }, 1)).toThrow('/app/a.ts cannot be used: it had not loaded after 1 s. ');
    });

    test('leaves nothing behind', () => {
      const temporary = (): string[] => fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith('source-'));
      const before = temporary();
      checked('export default () => [];');
      expect(() => checked('throw new Error("x"); export default () => [];')).toThrow();
      expect(temporary()).toEqual(before);
    });
  });

  test('allows a package that is compiled on installation where it is external', () => {
    write({
      'a.ts': 'import sqlite from "sqlite"; export default () => sqlite;',
      'node_modules/sqlite/package.json': '{"name":"sqlite"}',
      'node_modules/sqlite/binding.gyp': '{}',
    });
    expect(() => deployedEntry('a.ts', { external: ['sqlite'] })).not.toThrow();
  });
});

describe('fromCode', () => {
  test('deploys the folder as it is, with the loop beside the module', () => {
    write({ 'dist/source.mjs': 'import { rows } from "./rows.mjs"; export default () => rows;', 'dist/rows.mjs': 'export const rows = ["bundled"];' });
    const [code] = deployed(FetchPageHandler.fromCode(lambda.Code.fromAsset(path.join(folder, 'dist'))));
    expect(fs.readdirSync(code!.directory).sort()).toEqual([BUNDLE_FILE, 'rows.mjs', 'source.mjs']);
    expect(answer(code!)).toEqual(['bundled']);
  });

  test('has the same hash in every folder', () => {
    write({ 'a/source.mjs': 'export default () => [];', 'b/c/source.mjs': 'export default () => [];' });
    const [a, b] = deployed(...['a', 'b/c'].map((name) => FetchPageHandler.fromCode(lambda.Code.fromAsset(path.join(folder, name)))));
    expect(a!.hash).toBe(b!.hash);
  });

  const codeOf = (files: { readonly [name: string]: string }): Deployed => {
    write(Object.fromEntries(Object.entries(files).map(([name, text]) => [`dist/${name}`, text])));
    return deployed(FetchPageHandler.fromCode(lambda.Code.fromAsset(path.join(folder, 'dist'))))[0]!;
  };

  test.each<[string, { [name: string]: string }, RegExp]>([
    ['a module that does not parse', { 'source.mjs': '\nexport default (' }, /: SyntaxError: Unexpected end of input \(source\.mjs:2\); Node\.js reports this before it runs the module/],
    ['another that does not', { 'source.mjs': 'export { x as default } from "./x.mjs";', 'x.mjs': 'const = 1;' }, /: SyntaxError: .* \(x\.mjs:1\); /],
    ['a module without a default export', { 'source.mjs': 'export const fetchPage = () => [];' }, /: it has no default export; export default a function of the request/],
    ['a name that a module beside it does not export', { 'source.mjs': 'import { y } from "./x.mjs"; export default () => y;', 'x.mjs': 'export const x = 1;' },
      /: SyntaxError: The requested module '\.\/x\.mjs' does not provide an export named 'y' \(source\.mjs:1\); /],
    ['a name that a package in the folder does not export', {
      'source.mjs': 'import { y } from "inside"; export default () => y;',
      'node_modules/inside/package.json': '{"name":"inside","type":"module","exports":"./index.js"}', 'node_modules/inside/index.js': 'export const x = 1;',
    }, /requested module 'inside' does not provide an export named 'y'/],
    ['a file that is missing', { 'source.mjs': 'import { x } from "./x.mjs"; export default () => x;' },
      /: Error: Cannot find module 'x\.mjs' imported from source\.mjs; .* bundle it again with everything it imports$/],
    ['a file above the folder', { 'source.mjs': 'import { x } from "../x.mjs"; export default () => x;', '../x.mjs': 'export const x = 1;' }, /Cannot find module '.*x\.mjs' imported from/],
    ['JSON that is imported as a module', { 'source.mjs': 'import x from "./x.json"; export default () => x;', 'x.json': '[]' }, /Module "x\.json" needs an import attribute of "type: json"/],
    ['a module that Node.js does not have', { 'source.mjs': 'import x from "node:absent"; export default () => x;' }, /No such built-in module: node:absent/],
  ])('refuses %s at synth, without running anything', (_name, files, message) => {
    const mark = path.join(folder, 'was-run');
    const running = `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(mark)}, "");`;
    expect(() => codeOf({ ...files, 'source.mjs': `import "./first.mjs"; ${files['source.mjs']}`, 'first.mjs': running })).toThrow(message);
    expect(() => codeOf(files)).toThrow(`FetchPageHandler.fromCode: ${path.join(folder, 'dist', 'source.mjs')} cannot be loaded: `);
    expect(fs.existsSync(mark)).toBe(false);
  });

  test('does not run a module that is right, nor wait for it', () => {
    const mark = path.join(folder, 'was-run');
    codeOf({ 'source.mjs': `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(mark)}, ""); await new Promise(() => {}); export default () => [];` });
    expect(fs.existsSync(mark)).toBe(false);
  });

  test.each<[string, { [name: string]: string }]>([
    ['that is not there', { 'source.mjs': 'import { S3 } from "@aws-sdk/client-absent"; export default () => S3;' }],
    ['that is there in another version', {
      'source.mjs': 'import { newer } from "outside"; export default () => newer;',
      '../node_modules/outside/package.json': '{"name":"outside","type":"module","exports":"./index.js"}', '../node_modules/outside/index.js': 'export const older = 1;',
    }],
    ['with a file of another version', {
      'source.mjs': 'import x from "outside/x.js"; export default () => x;', '../node_modules/outside/package.json': '{"name":"outside"}',
    }],
  ])('takes a package of Lambda\'s runtime or of a layer %s', (_name, files) => {
    expect(codeOf(files).hash).toMatch(/^[0-9a-f]+$/);
  });

  test('takes .js files for what they are in Lambda, whatever the package.json above the folder says', () => {
    write({ 'package.json': '{"type":"module"}' });
    const { directory } = codeOf({ 'source.mjs': 'import { rows } from "./rows.js"; export default () => rows;', 'rows.js': 'exports.rows = ["page"];' });
    expect(fs.readdirSync(directory).sort()).toEqual([BUNDLE_FILE, 'rows.js', 'source.mjs']);
  });

  test('leaves a package.json of the folder as it is', () => {
    const { directory } = codeOf({ 'source.mjs': 'import { rows } from "./rows.js"; export default () => rows;', 'rows.js': 'export const rows = [];', 'package.json': '{"type":"module"}' });
    expect(fs.readFileSync(path.join(directory, 'package.json'), 'utf8')).toBe('{"type":"module"}');
  });

  test.each<[string, (stack: TestStack) => lambda.Code, RegExp]>([
    ['code that is no asset', (stack) => lambda.Code.fromBucket(s3.Bucket.fromBucketName(stack, 'Code', 'code'), 'x.zip'), /is not an asset.*write lambda\.Code\.fromAsset\(folder\) instead/],
    ['inline code', () => lambda.Code.fromInline('exports.handler = 1'), /is not an asset/],
    ['a folder that is not there', () => lambda.Code.fromAsset(path.join(folder, 'absent')), /absent does not exist; bundle the module before the app is synthesized/],
    ['an archive', () => lambda.Code.fromAsset(path.join(folder, 'x.zip')), /x\.zip is not a folder; give the folder that the archive was made from instead/],
    ['a folder without the module', () => lambda.Code.fromAsset(path.join(folder, 'empty')), /empty has no source\.mjs; bundle the module.*or use fromEntry/],
    ['a folder with a file of the loop\'s name', () => lambda.Code.fromAsset(path.join(folder, 'taken')), /taken has an index\.mjs.*give yours another name/],
  ])('refuses %s', (_name, code, message) => {
    write({ 'x.zip': '', 'empty/readme': '', 'taken/source.mjs': '', 'taken/index.mjs': '' });
    expect(() => FetchPageHandler.fromCode(code(new TestStack()))).toThrow(message);
  });
});

describe('fromFunction', () => {
  test('invokes exactly the function that is given', () => {
    const stack = new TestStack();
    const fn = new lambda.Function(stack, 'Python', {
      runtime: lambda.Runtime.PYTHON_3_13, handler: 'index.handler', code: lambda.Code.fromInline('def handler(event, context): return []'),
    });
    const orders = new PaginatedImport(stack, 'Orders', stack.props({ fetchPage: FetchPageHandler.fromFunction(fn) }));
    const template = Template.fromStack(stack);
    const { Environment, Code } = propertiesOf(template, orders.fetchFunction);
    expect(flat(Environment.Variables.PAGINATED_IMPORT_FETCH_PAGE_FUNCTION)).toMatch(/^<Python\w+>$/);
    expect(Code.S3Key).toBeDefined();
    const invoking = statementsOf(template, orders.fetchFunction.role!).filter(({ Action }) => Action === 'lambda:InvokeFunction');
    expect(invoking.map(({ Resource }) => flat(Resource))).toEqual([flat(Environment.Variables.PAGINATED_IMPORT_FETCH_PAGE_FUNCTION)]);
  });

  test('deploys the loop that invokes a function', () => {
    const [code] = deployed(FetchPageHandler.fromFunction(new TestStack().handler));
    const loop = fs.readFileSync(path.join(bundleFolder(LambdaBundle.FETCH_BY_FUNCTION), BUNDLE_FILE));
    expect(fs.readFileSync(path.join(code!.directory, BUNDLE_FILE)).equals(loop)).toBe(true);
  });
});
