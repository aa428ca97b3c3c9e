import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkHttpSettings } from '../../src/protocol/http-check/check-http-settings';
import { HttpErrorAction, HttpSettings } from '../../src/protocol/http-settings';
import { HttpSource } from '../../src/source/http/http-source';
import { recordsOf, ScriptedServer, sourceAt, TestTools } from '../source/http/kit';

/** The table in docs/sources.md that compares the settings with those of other importers. */

const [, section] = /^## Compared with others\n([\s\S]*?)^## /m.exec(readFileSync(join(__dirname, '../../docs/sources.md'), 'utf8'))!;

/** Rows, without the head and the names of groups. */
const ROWS = section!.split('\n')
  .filter((line) => /^\| (?!\*\*|\|)/.test(line))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));

const OTHERS = 7;
const WORDS = ['yes', 'no', 'expr', 'class', 'code', '?', 'fails', 'ignore', '204 only', 'data flows', '`Link` header'];

const examples = ROWS.flatMap(([name, ...cells]): [string, string][] => {
  const [, json] = /^`(\{ .* \})`/.exec(cells.at(-1)!) ?? [];
  return json === undefined ? [] : [[name!, json]];
});

function settingsOf(json: string): unknown {
  return { url: 'https://api.example.com/orders', pagination: { style: 'single' }, ...JSON.parse(json) as object };
}

test.each(ROWS)('%s: each cell says something', (...[, ...cells]) => {
  expect(cells).toHaveLength(OTHERS + 1);
  expect(cells.slice(0, OTHERS).filter((cell) => !WORDS.includes(cell))).toEqual([]);
});

test.each(ROWS)('%s: an example, or the reason why not', (...cells) => {
  expect(cells.at(-1)).toMatch(/^(`\{ .* \}`|always|no(, a gap)?: .{20})/);
});

test.each(examples)('%s: %s is right', (_, json) => {
  const settings = settingsOf(json);

  expect(() => checkHttpSettings('here', settings)).not.toThrow();
  expect(new HttpSource(settings as never, new TestTools())).toBeDefined();
});

test('there is an example of each style, kind of credentials and action', () => {
  const all = examples.map(([, json]) => JSON.parse(json) as Pick<Partial<HttpSettings>, 'pagination' | 'auth' | 'errors'>);
  const styles = ['offset', 'page', 'token', 'next-link', 'link-header', 'keyset', 'time-window', 'graphql', 'single'];

  expect(styles.filter((style) => !all.some(({ pagination }) => pagination?.style === style))).toEqual([]);
  expect(['bearer', 'api-key', 'basic', 'client-credentials'].filter((kind) => !all.some(({ auth }) => auth?.kind === kind))).toEqual([]);
  expect(Object.values(HttpErrorAction).filter((action) => !all.some(({ errors }) => errors?.[0]?.action === action))).toEqual([]);
});

test('an empty page ends a source that always sends a token, by the rule of the table', async () => {
  const [, rule] = examples.find(([name]) => name === 'first empty page of a source that always sends a token')!;
  const server = await ScriptedServer.start(({ query }) => ({ body: { docs: query.bookmark === undefined ? [{ id: 1 }] : [], bookmark: 'nil' } }));
  const settings: HttpSettings = {
    url: server.origin, pagination: { style: 'token', token: { body: '$.bookmark' }, send: { query: 'bookmark' } }, records: '$.docs', ...JSON.parse(rule) as object,
  };
  try {
    expect(await recordsOf(sourceAt(settings))).toEqual([{ id: 1 }]);
    expect(server.received).toHaveLength(2);
  } finally {
    await server.close();
  }
});
