import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '../..');
const DOCUMENTS = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md', 'test/**/*.md'], { cwd: ROOT }).filter((document) => document !== 'API.md');

/** Links to files of this repository, with where they stand. Code is left out: brackets mean something else there. */
const links = DOCUMENTS.flatMap((document) => {
  const prose = readFileSync(join(ROOT, document), 'utf8').replaceAll(/^ *```[\s\S]*?^ *```/gm, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\((?!https?:)([^)\s]*)\)/g)].map(([, target]) => [document, target!] as const);
});

/** The anchors of a document, as GitHub makes them. */
function anchorsOf(document: string): string[] {
  const headings = readFileSync(document, 'utf8').matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, heading]) => heading!.toLowerCase().replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '').replaceAll(' ', '-'));
}

test('the way leads from the README to the runbook, and from there to the errors', () => {
  expect(links).toContainEqual(['README.md', 'docs/operator-runbook.md']);
  expect(links).toContainEqual([join('docs', 'operator-runbook.md'), 'errors.md']);
  expect(links).toContainEqual([join('docs', 'errors.md'), 'operator-runbook.md']);
});

test('the way leads from the README to how to report a vulnerability', () => {
  expect(links).toContainEqual(['README.md', 'SECURITY.md']);
  expect(links).toContainEqual(['README.md', 'docs/security.md']);
});

test.each(links)('%s links to %s, which is there', (document, target) => {
  const [file, anchor] = target.split('#');
  const path = file === '' ? join(ROOT, document) : join(ROOT, dirname(document), file!);

  expect(existsSync(path)).toBe(true);
  if (anchor !== undefined) expect(anchorsOf(path)).toContain(anchor);
});
