import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGE_WARNINGS } from '../../src/local/preview/page-warnings';
import { SETTINGS_WARNINGS } from '../../src/local/preview/settings-warnings';

const text = readFileSync(join(__dirname, '../../docs/sources.md'), 'utf8');

test('docs/sources.md has every warning of the preview, and no other', () => {
  const [, preview = ''] = /^## Preview\n([\s\S]*?)^## /m.exec(text) ?? [];
  const inTable = [...preview.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
  expect(inTable).toEqual([...SETTINGS_WARNINGS, ...PAGE_WARNINGS].map(({ name }) => name));
});
