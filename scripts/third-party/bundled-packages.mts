import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../paths.mts';
import { packageFolderOf, type Bundle } from './bundles.mts';

/** A package of others, of which bundles contain code. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** The fields of its package.json. `license` is an SPDX expression. */
  readonly license?: string;
  readonly author?: string;
  readonly repository?: string;
  /** Its LICENSE and NOTICE files. */
  readonly texts: readonly LicenseText[];
  /** Comments in its bundled files that should stay with the code. */
  readonly legalComments: readonly string[];
  /** Files of the bundles, sorted. */
  readonly bundles: readonly string[];
}

export interface LicenseText {
  readonly file: string;
  readonly text: string;
}

const LICENSE_FILE = /^(?:un)?licen[cs]e|^notice|^copying|^copyright/i;

/** What esbuild calls a legal comment. Our bundles have none, since they would have them in the middle of minified code. */
const LEGAL_COMMENT = /\/\*(?:!|(?=(?:(?!\*\/)[\s\S])*@(?:license|preserve)))[\s\S]*?\*\//g;

/** The packages, sorted by name and version. Inputs of which nothing is left in the output do not count. */
export function bundledPackages(bundles: readonly Bundle[]): BundledPackage[] {
  const found = new Map<string, BundledPackage>();
  for (const [folder, { files, inputs }] of foldersIn(bundles)) {
    const read = readPackage(folder, [...inputs]);
    const same = found.get(idOf(read));
    found.set(idOf(read), { ...read, bundles: [...new Set([...same?.bundles ?? [], ...files])].sort() });
  }
  return [...found.values()].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}

export function idOf({ name, version }: Pick<BundledPackage, 'name' | 'version'>): string {
  return `${name}@${version}`;
}

/** The bundles and inputs of each package, by its folder. */
function foldersIn(bundles: readonly Bundle[]): Map<string, { files: Set<string>; inputs: Set<string> }> {
  const folders = new Map<string, { files: Set<string>; inputs: Set<string> }>();
  for (const { file, metafile } of bundles) {
    for (const [input, { bytesInOutput }] of Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs))) {
      const folder = packageFolderOf(input);
      if (folder === undefined || bytesInOutput === 0) continue;
      const { files, inputs } = folders.get(folder) ?? { files: new Set(), inputs: new Set() };
      folders.set(folder, { files: files.add(file), inputs: inputs.add(input) });
    }
  }
  return folders;
}

function readPackage(folder: string, inputs: readonly string[]): Omit<BundledPackage, 'bundles'> {
  const { name, version, license, author, repository } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
  const files = readdirSync(join(ROOT, folder), { withFileTypes: true }).filter((file) => file.isFile() && LICENSE_FILE.test(file.name));
  return {
    name, version,
    license: textIn(license, 'type'),
    author: textIn(author, 'name'),
    repository: textIn(repository, 'url'),
    texts: files.map((file) => ({ file: file.name, text: readText(join(folder, file.name)) })).sort((a, b) => (a.file < b.file ? -1 : 1)),
    legalComments: [...new Set(inputs.toSorted().flatMap((input) => readText(input).match(LEGAL_COMMENT) ?? []))],
  };
}

/** package.json has such fields as text or as an object. */
function textIn(field: unknown, name: string): string | undefined {
  const text = typeof field === 'object' && field !== null ? (field as Record<string, unknown>)[name] : field;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}

/** Without what differs between checkouts and says nothing: line endings, and blank lines around. */
function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8').replace(/^\uFEFF/, '').replaceAll('\r\n', '\n').replace(/[^\S\n]+$/gm, '').replace(/^\n+|\n+$/g, '');
}
