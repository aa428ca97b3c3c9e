/** A part of a schema: of zod, of valibot, or of JSON Schema. */
type Part = Readonly<Record<string, unknown>>;

/** Where the parts have the names of fields, each with its own part. */
const FIELDS = ['shape', 'entries', 'properties'] as const;

/** Where they have parts for the same value: of unions, of what is optional, of what is transformed. */
const SAME = ['innerType', 'in', 'out', 'left', 'right', 'options', 'schema', 'getter', 'wrapped', 'pipe', 'anyOf', 'oneOf', 'allOf'] as const;

/** Where they have parts for what is inside of the value under any key or index. */
const INSIDE = ['element', 'type', 'valueType', 'items', 'rest', 'catchall', 'item', 'value', 'prefixItems', 'additionalProperties'];

/** Maximum parts for one value: a schema may be endless. */
const MOST_PARTS = 1000;

/** Stands for a key that is data. */
const KEY = '<key>';

/**
 * A path with the names that the schema declares and the indexes of arrays. Any other key is data, such as those of zod's `record()`, and
 * is not shown. Of a schema of another library than zod and valibot, the names are known if it implements Standard JSON Schema.
 */
export function declaredPath(path: readonly unknown[], schema: unknown, value: unknown): string {
  let parts = allFor([isKnown(schema) ? schema : jsonSchemaOf(schema)]);
  let inside = value;
  return path.map((step) => {
    const key = typeof step === 'object' && step !== null ? (step as { readonly key?: unknown }).key : step;
    const declared = typeof key === 'string' ? parts.flatMap((part) => fieldOf(part, key)) : [];
    const isIndex = Array.isArray(inside) && Number.isInteger(Number(key));
    parts = allFor(declared.length > 0 ? declared : parts.flatMap((part) => INSIDE.flatMap((name) => read(part, name))));
    inside = read(inside, key as PropertyKey);
    return declared.length > 0 || isIndex ? String(key) : KEY;
  }).join('.');
}

/** Of zod or valibot. */
function isKnown(schema: unknown): boolean {
  return ['_zod', '_def', '~run'].some((name) => read(schema, name) !== undefined);
}

/** https://standardschema.dev/json-schema */
function jsonSchemaOf(schema: unknown): unknown {
  try {
    const { jsonSchema } = read(schema, '~standard') as { readonly jsonSchema?: { input(options: object): unknown } };
    return jsonSchema?.input({ target: 'draft-2020-12' });
  } catch {
    // It has no equivalent in JSON Schema.
    return undefined;
  }
}

/** The parts and all others for the same value. */
function allFor(parts: readonly unknown[]): Part[] {
  const found = new Set<Part>();
  const left = [...parts];
  while (left.length > 0 && found.size < MOST_PARTS) {
    const next = left.pop();
    if (Array.isArray(next)) left.push(...next as unknown[]);
    if (!isPart(next) || found.has(definitionOf(next))) continue;
    const part = definitionOf(next);
    found.add(part);
    left.push(...SAME.map((name) => name === 'getter' ? called(part[name]) : part[name]));
  }
  return [...found];
}

/** zod keeps the definition of a schema apart. */
function definitionOf(part: Part): Part {
  const { _zod: zod, _def: older } = part;
  const definition = isPart(zod) ? zod.def : older;
  return isPart(definition) ? definition : part;
}

function fieldOf(part: Part, key: string): unknown[] {
  return FIELDS.flatMap((name) => {
    const fields = called(part[name]);
    return isPart(fields) && Object.hasOwn(fields, key) ? [fields[key]] : [];
  });
}

function called(value: unknown): unknown {
  try {
    return typeof value === 'function' ? (value as () => unknown)() : value;
  } catch {
    return undefined;
  }
}

function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `undefined` for what cannot be read. */
function read(value: unknown, key: PropertyKey): unknown {
  try {
    return value === null || value === undefined ? undefined : (value as Record<PropertyKey, unknown>)[key];
  } catch {
    return undefined;
  }
}
