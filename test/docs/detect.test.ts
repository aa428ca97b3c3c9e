import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RECOGNISERS } from '../../src/local/detect/recognisers';

const text = readFileSync(join(__dirname, '../../docs/sources.md'), 'utf8');

test('docs/sources.md has every style that is detected, in the order in which they are tried', () => {
  const [, detect = ''] = /^## Detect\n([\s\S]*?)^## /m.exec(text) ?? [];
  const inTable = [...detect.matchAll(/^\| ([^|]*?) \|/gm)].map(([, name]) => name).slice(1);
  expect(inTable).toEqual(RECOGNISERS.map(({ name }) => name));
});
