import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../scripts/paths.mts';
import { bundledPackages, idOf } from '../../scripts/third-party/bundled-packages.mts';
import { readBundles } from '../../scripts/third-party/bundles.mts';

interface Component {
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses?: readonly object[];
}

interface Sbom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
}

let folder: string;
let texts: string[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sbom-test-'));
  // The script validates what it writes, and fails if it is invalid.
  texts = ['one.json', 'two.json'].map((name) => {
    execFileSync(process.execPath, [join(ROOT, 'scripts', 'write-sbom.mts'), join(folder, name)], { stdio: 'pipe' });
    return readFileSync(join(folder, name), 'utf8');
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the SBOM has what is bundled, and nothing else', () => {
  const { bomFormat, specVersion, metadata, components } = JSON.parse(texts[0]!) as Sbom;
  const names = components.map(({ group, name, version }) => idOf({ name: group === undefined ? name : `${group}/${name}`, version }));

  expect({ bomFormat, specVersion, name: metadata.component.name }).toEqual({ bomFormat: 'CycloneDX', specVersion: '1.6', name: 'cdk-paginated-import' });
  expect([...new Set(names)].sort()).toEqual(bundledPackages(readBundles()).map(idOf).sort());
});

test('every component has a package URL and a license', () => {
  const { components } = JSON.parse(texts[0]!) as Sbom;

  expect(components.filter(({ purl, licenses = [] }) => !purl.startsWith('pkg:npm/') || licenses.length === 0)).toEqual([]);
});

test('the same build makes the same SBOM, without paths of the computer', () => {
  expect(texts[1]).toBe(texts[0]);
  expect(texts[0]).not.toContain(ROOT);
});
