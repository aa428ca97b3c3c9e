import * as fs from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';

/** What a reader can hold in the head, in lines. */
const MAX_LINES = { function: 40, class: 150 };

const SOURCES = path.join(__dirname, '..', '..', 'src');

interface Sized {
  readonly what: keyof typeof MAX_LINES;
  readonly where: string;
  readonly lines: number;
}

function sizesIn(file: string): Sized[] {
  const source = ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const lineOf = (position: number): number => source.getLineAndCharacterOfPosition(position).line + 1;
  const sizes: Sized[] = [];
  const visit = (node: ts.Node): void => {
    const what = kindOf(node);
    const start = lineOf(node.getStart(source));
    if (what !== undefined) sizes.push({ what, where: `${path.relative(SOURCES, file)}:${start}`, lines: lineOf(node.end) - start + 1 });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return sizes;
}

function kindOf(node: ts.Node): Sized['what'] | undefined {
  if (ts.isClassLike(node)) return 'class';
  return ts.isFunctionLike(node) ? 'function' : undefined;
}

const sizes = fs.readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .flatMap((name) => sizesIn(path.join(SOURCES, name)));

test.each(['function', 'class'] as const)('no %s is too long', (kind) => {
  const found = sizes.filter(({ what }) => what === kind);

  expect(found.length).toBeGreaterThan(100);
  expect(found.filter(({ lines }) => lines > MAX_LINES[kind])).toEqual([]);
});
