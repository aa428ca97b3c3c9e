import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageProblems } from '../../scripts/package-problems.mts';
import { ROOT } from '../../scripts/paths.mts';
import { licenseProblem } from '../../scripts/third-party/allowed-licenses.mts';
import { BundledPackage, bundledPackages, idOf } from '../../scripts/third-party/bundled-packages.mts';
import { Bundle, readBundles } from '../../scripts/third-party/bundles.mts';
import { licenseListProblems } from '../../scripts/third-party/license-list-problems.mts';
import { LICENSE_LIST, licenseList, packagesListedIn } from '../../scripts/third-party/license-list.mts';

const bundles = readBundles();
const packages = bundledPackages(bundles);
const written = readFileSync(join(ROOT, LICENSE_LIST), 'utf8');
const published = new Set([LICENSE_LIST, ...bundles.map(({ file }) => file)]);

function aPackage(name: string, more: Partial<BundledPackage> = {}): BundledPackage {
  const texts = [{ file: 'LICENSE', text: `Copyright ${name}` }];
  return { name, version: '1.0.0', license: 'MIT', texts, legalComments: [], bundles: ['assets/a/index.mjs'], ...more };
}

function bundleOf(file: string, inputs: Record<string, number>): Bundle {
  const entries = Object.entries(inputs).map(([input, bytesInOutput]) => [input, { bytesInOutput }]);
  const output = { bytes: 1, imports: [], exports: [], inputs: Object.fromEntries(entries) };
  return { file, metafile: { inputs: {}, outputs: { [file]: output } } };
}

describe('what is bundled', () => {
  test('is found in the bundles of the functions and of the command', () => {
    expect(packages.find(({ name }) => name === '@aws-sdk/client-s3')!.bundles).toContain('assets/fetch/index.mjs');
    expect(packages.find(({ name }) => name === 'fastify')!.bundles).toEqual(['lib/local/bundle.js']);
    expect(packages.length).toBeGreaterThan(50);
  });

  test('includes packages that another one carries in its files', () => {
    expect(packages.map(({ name }) => name)).toEqual(expect.arrayContaining(['jsonpath-plus', 'jsep', '@jsep-plugin/regex']));
  });

  test('is a package once, however often it is installed, and only if something of it is left', () => {
    const found = bundledPackages([
      bundleOf('lib/local/b.js', { 'node_modules/ajv/README.md': 3, 'node_modules/d3-dsv/package.json': 0, 'src/local/cli.ts': 5 }),
      bundleOf('lib/local/a.js', { 'node_modules/ajv/package.json': 1 }),
      bundleOf('lib/local/a.js', { 'node_modules/ajv/README.md': 3 }),
    ]);

    expect(found.map(({ name, bundles: files }) => [name, files])).toEqual([['ajv', ['lib/local/a.js', 'lib/local/b.js']]]);
  });
});

describe('the list', () => {
  test('is the one of this build, and has each package once', () => {
    expect(written).toBe(licenseList(packages));
    expect(packagesListedIn(written)).toEqual(packages.map(idOf));
    expect(new Set(packagesListedIn(written)).size).toBe(packages.length);
  });

  test('has the texts and the notices', () => {
    expect(written).toMatch(/^Copyright [-\d]+ Mike Bostock$/m);
    expect(written).toContain('formdata-polyfill. MIT License.');
    expect(written).toMatch(/asl-validator@[\s\S]*--- NOTICE ---/);
  });

  test('says of a package without a file what its package.json says', () => {
    const text = licenseList([aPackage('bare', { texts: [], author: 'A. Author', repository: 'https://example.com/bare.git' })]);
    expect(text).toContain('bare@1.0.0\nLicense: MIT\nAuthor: A. Author\nSource: https://example.com/bare.git\nIn: assets/a/index.mjs\n');
    expect(text).toContain('The package has no license file. Its package.json says: MIT.');
  });

  test('has a text once', () => {
    const texts = [{ file: 'LICENSE', text: 'All the same.' }];
    const text = licenseList([aPackage('a', { texts }), aPackage('b', { texts })]);
    expect(text.match(/All the same\./g)).toHaveLength(1);
    expect(text).toContain('--- LICENSE: the same as LICENSE of a@1.0.0 ---');
  });
});

describe('a package may be bundled', () => {
  test.each(['MIT', 'ISC', '(MIT OR GPL-3.0-only)', 'Apache-2.0 AND MIT'])('under %s', (license) => {
    expect(licenseProblem(aPackage('some', { license }))).toBeUndefined();
  });

  test.each(['GPL-3.0-only', 'MIT AND GPL-3.0-only', 'UNLICENSED', 'SEE LICENSE IN LICENSE.txt', 'Commons Clause'])('not under %s', (license) => {
    expect(licenseProblem(aPackage('some', { license }))).toContain(`some@1.0.0 is bundled, and its license ${license} is not one of`);
  });

  test('not without a license', () => {
    expect(licenseProblem(aPackage('some', { license: undefined }))).toContain('some@1.0.0 is bundled, and its package.json names no license');
  });

  test('which all of them are', () => {
    expect(packages.flatMap((each) => licenseProblem(each) ?? [])).toEqual([]);
  });
});

describe('a tarball is not published', () => {
  test('unless it has the list', async () => {
    const files = [...published].filter((path) => path !== LICENSE_LIST).map((path) => ({ path }));
    expect(await packageProblems({ size: 1, files })).toContainEqual(expect.stringMatching(/^THIRD-PARTY-LICENSES is not in the tarball/));
  });

  test('unless every package has its entry', () => {
    const without = written.replace(/^d3-dsv@(\S+)$/m, 'd3-other@$1');
    expect(licenseListProblems(published, bundles, without)).toEqual([
      expect.stringMatching(/^THIRD-PARTY-LICENSES lacks d3-dsv@[\d.]+, which is in assets\/fetch-by-function\/index.mjs, assets\/fetch-by-http\/index.mjs, assets\/fetch\/index.mjs/),
    ]);
    expect(licenseListProblems(published, bundles, '')).toHaveLength(packages.length);
  });

  test('unless its entries are those of the bundles', () => {
    expect(licenseListProblems(published, bundles, written.replace('Mike Bostock', 'Mike'))).toEqual([expect.stringContaining('is out of date')]);
  });

  test('if nothing says what a bundle of it contains', () => {
    const more = new Set([...published, 'assets/new/index.mjs', 'lib/local/new.worker.js', 'lib/local/index.js', 'lib/index.js', 'lib/local/cli.d.ts']);
    expect(licenseListProblems(more, bundles, written)).toEqual([
      'nothing says what assets/new/index.mjs contains', 'nothing says what lib/local/new.worker.js contains',
    ]);
  });

  test('but this one is', () => {
    expect(licenseListProblems(published, bundles, written)).toEqual([]);
  });
});
