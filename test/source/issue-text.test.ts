import * as v from 'valibot';
import { z } from 'zod';
import { defineSource, NonRetryableError, StandardSchema } from '../../src/source';

/** In every value and in every key that is data. */
const SECRET = 'hunter2';

async function refusalOf(schema: StandardSchema, record: unknown): Promise<string> {
  const request = { pageToken: null, offset: 0, pageNumber: 1, pageSize: 1, input: {}, importId: 'i', attempt: 1, signal: new AbortController().signal };
  const refused = Promise.resolve(defineSource({ record: schema, fetchPage: () => [record] }).fetchPage(request));
  const error = await refused.then(() => undefined, (thrown: Error) => thrown);
  expect(error).toBeInstanceOf(NonRetryableError);
  expect(`${error!.message} ${error!.stack}`).not.toContain(SECRET);
  return error!.message.replace('records[0] of page 1 does not match its schema: ', '');
}

const zodTree: z.ZodType = z.lazy(() => z.object({ children: z.array(zodTree).optional() }));
const valibotTree: v.GenericSchema = v.lazy(() => v.object({ children: v.optional(v.array(valibotTree)) }));

describe('of what a schema refuses, place and kind are told, and neither a value nor a key that is data', () => {
  test.each<[string, StandardSchema, unknown, string]>([
    ['a field', z.object({ id: z.number() }), { id: SECRET }, 'id: invalid_type, expected number'],
    ['a message that quotes', z.object({ id: z.string().refine(() => false, { error: ({ input }) => `bad ${String(input)}` }) }), { id: SECRET }, 'id: custom'],
    ['a literal', z.literal('a'), SECRET, 'invalid_value'],
    ['a format', z.object({ mail: z.email() }), { mail: SECRET }, 'mail: invalid_format'],
    ['a value of a record', z.object({ balances: z.record(z.string(), z.object({ sum: z.number() })) }), { balances: { [SECRET]: { sum: SECRET } } }, 'balances.<key>.sum: invalid_type, expected number'],
    ['a key of a record', z.record(z.string().max(3), z.number()), { [SECRET]: 1 }, '<key>: invalid_key'],
    ['a key that nothing declares', z.strictObject({ id: z.number() }), { id: 1, [SECRET]: 1 }, 'unrecognized_keys'],
    ['a key named like a field elsewhere', z.object({ id: z.number(), all: z.record(z.string(), z.number()) }), { id: 1, all: { id: SECRET } }, 'all.<key>: invalid_type, expected number'],
    ['a key of what takes any field', z.object({ id: z.number() }).catchall(z.number()), { id: 1, [SECRET]: SECRET }, '<key>: invalid_type, expected number'],
    ['a key of a record that is a number', z.record(z.string(), z.number()), { 4111111111: SECRET }, '<key>: invalid_type, expected number'],
    ['an index', z.object({ list: z.array(z.object({ a: z.number() })) }), { list: [{ a: 1 }, { a: SECRET }] }, 'list.1.a: invalid_type, expected number'],
    ['a place in a tuple', z.tuple([z.number()]).rest(z.object({ b: z.number() })), [1, { b: SECRET }], '1.b: invalid_type, expected number'],
    ['what is wrapped', z.object({ a: z.object({ b: z.number() }).nullable().optional().default(null) }).transform((all) => all), { a: { b: SECRET } }, 'a.b: invalid_type, expected number'],
    ['what is combined', z.intersection(z.object({ a: z.number() }), z.object({ b: z.number() })), { a: 1, b: SECRET }, 'b: invalid_type, expected number'],
    ['what is told apart', z.discriminatedUnion('k', [z.object({ k: z.literal('a'), b: z.number() })]), { k: 'a', b: SECRET }, 'b: invalid_type, expected number'],
    ['an endless schema', zodTree, { children: [{ children: SECRET }] }, 'children.0.children: invalid_type, expected array'],
    ['a key of a map', z.map(z.string(), z.number()), new Map([[SECRET, SECRET]]), '<key>: invalid_type, expected number'],
    ['very many', z.array(z.number()), Array.from({ length: 100 }, () => SECRET), `${Array.from({ length: 10 }, (_, index) => `${index}: invalid_type, expected number`).join('; ')}; 90 more`],
  ])('zod: %s', async (_what, schema, record, told) => {
    await expect(refusalOf(schema, record)).resolves.toBe(told);
  });

  test.each<[string, StandardSchema, unknown, string]>([
    ['a field', v.object({ id: v.number() }), { id: SECRET }, 'id: number, expected number'],
    ['a literal', v.object({ id: v.picklist(['a']) }), { id: SECRET }, 'id: picklist'],
    ['a length', v.object({ id: v.pipe(v.string(), v.maxLength(3)) }), { id: SECRET }, 'id: max_length'],
    ['a value of a record', v.object({ balances: v.record(v.string(), v.object({ sum: v.number() })) }), { balances: { [SECRET]: { sum: SECRET } } }, 'balances.<key>.sum: number, expected number'],
    ['a key of a record', v.record(v.pipe(v.string(), v.maxLength(3)), v.number()), { [SECRET]: 1 }, '<key>: max_length'],
    ['a key that nothing declares', v.strictObject({ id: v.number() }), { id: 1, [SECRET]: 1 }, '<key>: strict_object, expected never'],
    ['what is wrapped', v.object({ a: v.optional(v.nullable(v.union([v.object({ b: v.number() })]))) }), { a: { b: SECRET } }, 'a.b: number, expected number'],
    ['an endless schema', valibotTree, { children: [{ children: SECRET }] }, 'children.0.children: array, expected Array'],
  ])('valibot: %s', async (_what, schema, record, told) => {
    await expect(refusalOf(schema, record)).resolves.toBe(told);
  });

  const other = (issues: readonly object[], jsonSchema?: () => unknown): StandardSchema => ({
    '~standard': { version: 1, vendor: 'other', validate: () => ({ issues: issues as never }), ...jsonSchema && { jsonSchema: { input: jsonSchema } } },
  });
  const path = ['list', 0, { key: 'id' }, SECRET];
  const record = { list: [{ id: { [SECRET]: 1 } }] };

  test.each<[string, StandardSchema, string]>([
    ['that has JSON Schema', other([{ message: SECRET, path, code: 'domain' }], () => ({
      properties: { list: { items: { anyOf: [{ properties: { id: { additionalProperties: {} } } }] } } },
    })), 'list.0.id.<key>: domain'],
    ['that has none', other([{ message: SECRET, path }]), '<key>.0.<key>.<key>: invalid'],
    ['that cannot be written as one', other([{ message: SECRET, path }], () => { throw new Error(SECRET); }), '<key>.0.<key>.<key>: invalid'],
    ['whose kinds are sentences', other([{ message: SECRET, code: `${SECRET} is wrong`, expected: SECRET }]), 'invalid'],
  ])('another library %s', async (_what, schema, told) => {
    await expect(refusalOf(schema, record)).resolves.toBe(told);
  });
});
