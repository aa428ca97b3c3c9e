import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import * as fc from 'fast-check';
import { checkHttpSettings } from '../../src/protocol/http-check/check-http-settings';
import { ACCEPTED, having, SINGLE, URL } from './http-settings-cases';

/** The schema is for editors: it must never mark what an import accepts. What it lets through, the import may still refuse. */

const ROOT = join(__dirname, '../..');
const validate = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(JSON.parse(readFileSync(join(ROOT, 'schema/http-source.schema.json'), 'utf8')) as object);

function json(name: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, 'gallery', name), 'utf8'));
}

const GALLERY = readdirSync(join(ROOT, 'gallery')).filter((name) => name.endsWith('.json')).map((name): [string, unknown] => [name, json(name)]);

/** Those with tokens of the CDK are in no file. */
const IN_FILES = [...ACCEPTED.filter(([name]) => !name.includes('CDK')), ...GALLERY];

test.each(IN_FILES)('%s: valid', (_, settings) => {
  expect([validate(settings), validate.errors]).toEqual([true, null]);
});

test('a file may name the schema', () => {
  expect(validate({ $schema: './node_modules/cdk-paginated-import/schema/http-source.schema.json', url: URL, pagination: SINGLE })).toBe(true);
});

test.each<[string, unknown]>([
  ['no URL', { pagination: SINGLE }],
  ['a name that is none', having({ recods: '$.data' })],
  ['a style that is none', { url: URL, pagination: { style: 'ofset' } }],
  ['a style without what it needs', { url: URL, pagination: { style: 'offset' } }],
  ['a field of another style', { url: URL, pagination: { style: 'single', size: { query: 'n' } } }],
  ['two places', having({ total: { body: '$.total', header: 'X-Total' } })],
  ['no place', having({ total: {} })],
  ['two secrets', having({ auth: { kind: 'bearer', token: { environment: 'A', parameterName: 'b' } } })],
  ['a choice that is none', having({ decoder: 'yaml' })],
  ['a text for a number', having({ rateLimit: { perSecond: '5' } })],
])('%s: not valid', (_, settings) => {
  expect(validate(settings)).toBe(false);
  expect(() => checkHttpSettings('here', settings)).toThrow();
});

/** Settings with something taken out, replaced or added somewhere. */
const changed = fc.tuple(fc.constantFrom(...IN_FILES.map(([, settings]) => settings)), fc.nat(), fc.oneof(
  fc.constant(undefined), fc.json().map((text) => JSON.parse(text) as unknown), fc.constantFrom('$.a', 'https://a.example.com', 1, 0, true, {}, [], { query: 'q' }, { body: '$.b' }),
), fc.constantFrom('header', 'field', 'first', 'size', 'limit', 'scope', 'statuses', 'shortPage', 'inclusive', 'x')).map(([settings, place, value, name]) => {
  const copy = structuredClone(settings) as Record<string, unknown>;
  const objects = objectsIn(copy);
  const inside = objects[place % objects.length]!;
  const names = [...Object.keys(inside), name];
  inside[names[place % names.length]!] = value;
  return JSON.parse(JSON.stringify(copy)) as unknown;
});

function objectsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  return [...Array.isArray(value) ? [] : [value as Record<string, unknown>], ...Object.values(value).flatMap(objectsIn)];
}

test('what an import accepts is valid', () => {
  fc.assert(fc.property(changed, (settings) => {
    try {
      checkHttpSettings('here', settings);
    } catch {
      return;
    }
    // The check takes such a number for a token of the CDK.
    fc.pre(!/-[\d.]+e\+[23]\d\d/.test(JSON.stringify(settings)));
    expect([validate(settings), validate.errors]).toEqual([true, null]);
  }), { numRuns: 5_000 });
});
