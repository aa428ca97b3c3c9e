import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkHttpSettings } from '../../src/protocol/http-check/check-http-settings';
import { HttpAuth, HttpErrorAction, HttpPaginationStyle, HttpSettings } from '../../src/protocol/http-settings';
import { HttpSource } from '../../src/source/http/http-source';
import { TestTools } from '../source/http/kit';

const text = readFileSync(join(__dirname, '../../docs/sources.md'), 'utf8').replace(/^## Compared with others[\s\S]*?(?=^## )/m, '');
const found = [...text.matchAll(/`(\{ "(\w+)": [^`]*\})`/g)].map(([, json, field]): [string, string] => [field!, json!]);

/** The settings around an example, by the first field of the example. */
const AROUND: Readonly<Record<string, (example: object) => object>> = {
  style: (pagination) => ({ pagination }),
  kind: (auth) => ({ auth }),
  certificate: (clientCertificate) => ({ clientCertificate }),
  body: (rule) => ({ errors: [rule] }),
};

/** The compiler sees to it that none is missing. */
const STYLES: Record<HttpPaginationStyle, true> = {
  'offset': true, 'page': true, 'token': true, 'next-link': true, 'link-header': true, 'keyset': true, 'time-window': true, 'graphql': true, 'single': true,
};
const KINDS: Record<HttpAuth['kind'], true> = {
  'bearer': true, 'api-key': true, 'basic': true, 'client-credentials': true, 'refresh-token': true, 'aws-signature': true, 'hmac': true,
};

test.each([['style', STYLES], ['kind', KINDS]])('there are examples of every %s', (field, names) => {
  const shown = found.filter(([name]) => name === field).map(([, json]) => (JSON.parse(json) as Record<string, string>)[field]);

  expect(new Set(shown)).toEqual(new Set(Object.keys(names)));
});

test.each(found)('%s: %s is right', (field, json) => {
  const settings = { url: 'https://api.example.com/orders', pagination: { style: 'single' }, ...AROUND[field]!(JSON.parse(json) as object) };

  expect(() => checkHttpSettings('here', settings)).not.toThrow();
  expect(new HttpSource(settings as HttpSettings, new TestTools())).toBeDefined();
});

test('it names every action', () => {
  expect(Object.values(HttpErrorAction).filter((action) => !text.includes(`\`${action}\``))).toEqual([]);
});
