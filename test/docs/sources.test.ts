import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkHttpSettings } from '../../src/protocol/http-check/check-http-settings';
import { HttpErrorAction, HttpSettings } from '../../src/protocol/http-settings';
import { HttpSource } from '../../src/source/http/http-source';
import { TestTools } from '../source/http/kit';

const text = readFileSync(join(__dirname, '../../docs/sources.md'), 'utf8').replace(/^## Compared with others[\s\S]*?(?=^## )/m, '');
const found = [...text.matchAll(/`(\{ "(\w+)": [^`]*\})`/g)].map(([, json, field]): [string, string] => [field!, json!]);

/** The settings around an example, by the first field of the example. */
const AROUND: Readonly<Record<string, (example: object) => object>> = {
  style: (pagination) => ({ pagination }),
  kind: (auth) => ({ auth }),
  body: (rule) => ({ errors: [rule] }),
};

test('there are examples of each table', () => {
  expect(found.filter(([field]) => field === 'style')).toHaveLength(10);
  expect(found.filter(([field]) => field === 'kind')).toHaveLength(4);
});

test.each(found)('%s: %s is right', (field, json) => {
  const settings = { url: 'https://api.example.com/orders', pagination: { style: 'single' }, ...AROUND[field]!(JSON.parse(json) as object) };

  expect(() => checkHttpSettings('here', settings)).not.toThrow();
  expect(new HttpSource(settings as HttpSettings, new TestTools())).toBeDefined();
});

test('it names every action', () => {
  expect(Object.values(HttpErrorAction).filter((action) => !text.includes(`\`${action}\``))).toEqual([]);
});
