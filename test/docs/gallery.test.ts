import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gallerySettings } from '../gallery/kit';

const ROOT = join(__dirname, '../..');
const NAMES = globSync('gallery/*', { cwd: ROOT }).map((file) => basename(file, '.http.json')).sort();
const text = readFileSync(join(ROOT, 'docs/gallery.md'), 'utf8');

/** The text under a heading. */
function sectionOf(name: string): string {
  return text.split(/^## /m).find((section) => section.startsWith(`${name}\n`)) ?? '';
}

/** The row of the table that links to a file. */
function rowOf(name: string): string[] {
  const row = text.split('\n').find((line) => line.startsWith('|') && line.includes(`(../gallery/${name}.http.json)`)) ?? '';
  return row.split('|').map((cell) => cell.trim());
}

/** What the pattern's group finds. */
function captured(within: string, pattern: RegExp): string[] {
  return [...within.matchAll(pattern)].map(([, found]) => found!);
}

test('there are twelve APIs', () => {
  expect(NAMES).toHaveLength(12);
  expect(text.match(/^\| \[/gm)).toHaveLength(NAMES.length);
});

describe.each(NAMES)('%s', (name) => {
  test('its settings are right, and hold no secret', () => {
    const { auth } = gallerySettings(name);
    const texts = Object.values(auth ?? {}).filter((value) => typeof value === 'string');

    expect(texts).toEqual(auth === undefined ? [] : [auth.kind]);
  });

  test('its row names every field of the input', () => {
    const used = [...new Set(captured(JSON.stringify(gallerySettings(name)), /\{input\.(\w+)\}/g))];

    expect(rowOf(name)[3]).toBe(used.length === 0 ? 'none' : used.map((field) => `\`${field}\``).join(', '));
  });

  test('its section has the documentation that its test is written by', () => {
    const cited = captured(readFileSync(join(ROOT, `test/gallery/${name}.test.ts`), 'utf8'), /^ \* (https:\S+)$/gm);
    const listed = captured(sectionOf(name), /\]\((https:[^)]+)\)/g);

    expect(cited.length).toBeGreaterThan(1);
    expect(listed.sort()).toEqual(cited.sort());
  });
});
