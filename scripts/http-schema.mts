/** The JSON Schema of `*.http.json` files, made from the types of the settings: editors complete, explain and check with it. */
import { join } from 'node:path';
import { createGenerator, type Schema } from 'ts-json-schema-generator';
import { ROOT } from './paths.mts';

export const HTTP_SCHEMA = join(ROOT, 'schema', 'http-source.schema.json');

const ID = 'https://unpkg.com/cdk-paginated-import/schema/http-source.schema.json';

/** Types of which exactly one field must be given. Types cannot say so. */
const ONE_FIELD = ['RequestPlace', 'ResponsePlace'];

/** Fields of `SecretReference` of which one must be given. */
const SECRET_PLACES = ['secretArn', 'parameterName', 'environment'];

export function httpSchema(): string {
  const { definitions = {}, properties = {}, ...root } = generated();
  for (const name of ONE_FIELD) Object.assign(definitions[name]!, { minProperties: 1, maxProperties: 1 });
  Object.assign(definitions.SecretReference!, { oneOf: SECRET_PLACES.map((name) => ({ required: [name] })) });
  const schema = {
    $schema: root.$schema,
    $id: ID,
    title: 'Settings of a source without code for cdk-paginated-import',
    ...root,
    properties: { $schema: { type: 'string', description: 'This schema, for editors.' }, ...properties },
    definitions,
  };
  return `${JSON.stringify(schema, explained, 2)}\n`;
}

function generated(): Schema & { definitions?: Record<string, Schema>; properties?: Record<string, Schema> } {
  const config = { path: join(ROOT, 'src/protocol/http-settings.ts'), type: 'HttpSettings', tsconfig: join(ROOT, 'tsconfig.dev.json') };
  return createGenerator({ ...config, topRef: false, skipTypeCheck: true }).createSchema('HttpSettings') as never;
}

/** Defaults of docstrings are sentences and names of members, which no editor may write into a file: they go to the description. */
function explained(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('default' in value) || typeof value.default === 'object') return value;
  const { default: given, description = '', ...schema } = value as { default: unknown; description?: string };
  const sentence = String(given).replace(/^- /, '').replace(/^\w+\.([A-Z_]+)$/, (_, member: string) => `"${member.toLowerCase().replaceAll('_', '-')}"`);
  return { ...schema, description: `${description}\n\nDefault: ${sentence}`.trim() };
}
