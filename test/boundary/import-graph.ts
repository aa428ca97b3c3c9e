import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import * as ts from 'typescript';
import { Layer, LAYERS } from '../../scripts/layers.mts';

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
  if (specifier.startsWith('.')) return mayKnow(layer, file, posix.join(posix.dirname(file), specifier));
  if (isBuiltin(specifier)) return layer.builtins;
  return layer.packages.some((name) => specifier === name || specifier.startsWith(`${name}/`));
}

/** A file of another layer, or of the same one, as far as its folders allow. */
function mayKnow(layer: Layer, file: string, imported: string): boolean {
  if (layerOf(imported) !== layer.name) return layer.layers.includes(layerOf(imported));
  return placeIn(layer, imported) <= placeIn(layer, file);
}

/** Place of a file's folder; files outside of all folders come after them. */
function placeIn({ folders = [] }: Layer, file: string): number {
  const place = folders.indexOf(file.split('/')[1]!);
  return place < 0 ? folders.length : place;
}

/** Each file below src with the files that it imports. */
export function fileGraph(): Map<string, string[]> {
  const files = new Set(sourceFiles());
  const graph = new Map<string, string[]>([...files].map((file) => [file, []]));
  for (const { file, specifier } of readImports()) {
    if (!specifier.startsWith('.')) continue;
    const path = posix.join(posix.dirname(file), specifier);
    const imported = [path, `${path}.ts`, `${path}/index.ts`].find((candidate) => files.has(candidate));
    if (imported === undefined) throw new Error(`${file} imports ${specifier}, which is no file of src.`);
    graph.get(file)!.push(imported);
  }
  return graph;
}

/** The same for folders, without imports from within a folder. A file that lies in no folder of its layer stands for itself. */
export function folderGraph(): Map<string, string[]> {
  const graph = new Map<string, string[]>();
  for (const [file, imported] of fileGraph()) {
    const folder = folderOf(file);
    graph.set(folder, [...graph.get(folder) ?? [], ...imported.map(folderOf).filter((other) => other !== folder)]);
  }
  return graph;
}

function folderOf(file: string): string {
  const folder = posix.dirname(file);
  return folder === layerOf(file) ? file : folder;
}

/** The first circle that is found, as the way round it; `undefined` for none. */
export function circleIn(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const walk = (node: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return undefined;
    for (const next of graph.get(node) ?? []) {
      const circle = walk(next, [...path, node]);
      if (circle !== undefined) return circle;
    }
    done.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const circle = walk(node, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

/** The first folder below src; for a file that lies in none its own name. */
export function layerOf(file: string): string {
  return file.split('/')[0]!;
}
