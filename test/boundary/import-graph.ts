import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import * as ts from 'typescript';
import { LAYERS } from '../../scripts/layers.mts';

const SOURCES = join(__dirname, '..', '..', 'src');

/** One import statement, type imports, re-exports and literal dynamic imports included. */
export interface Import {
  /** Path of the importing file below src, with forward slashes. */
  readonly file: string;
  /** What stands between the quotes. */
  readonly specifier: string;
}

/** Every import of every file of src. */
export function readImports(): Import[] {
  return sourceFiles().flatMap((file) => importsOf(file, readFileSync(join(SOURCES, file), 'utf8')));
}

/** Paths below src, with forward slashes. */
export function sourceFiles(): string[] {
  const entries = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' });
  return entries.filter((file) => file.endsWith('.ts')).map((file) => file.replaceAll('\\', '/'));
}

export function importsOf(file: string, text: string): Import[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => ({ file, specifier: fileName }));
}

/** Whether the table of layers has the arrow. Files outside of a layer, such as the entry, have none. */
export function isAllowed({ file, specifier }: Import): boolean {
  const layer = LAYERS.find(({ name }) => name === layerOf(file));
  if (!layer) return false;
  if (specifier.startsWith('.')) return [layer.name, ...layer.layers].includes(layerOf(posix.join(posix.dirname(file), specifier)));
  if (isBuiltin(specifier)) return layer.builtins;
  return layer.packages.some((name) => specifier === name || specifier.startsWith(`${name}/`));
}

/** The first folder below src; for a file that lies in none its own name. */
export function layerOf(file: string): string {
  return file.split('/')[0]!;
}
