const FIELDS_SHOWN = 10;

/** What a response has, without any of its values. */
export function describe(body: unknown): string {
  if (body === undefined) return 'no body';
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return kindOf(body);
  const names = Object.keys(body);
  const shown = names.slice(0, FIELDS_SHOWN).map((name) => `${name} (${kindOf((body as Record<string, unknown>)[name])})`);
  return names.length === 0 ? 'no fields' : `the fields ${shown.join(', ')}${names.length > FIELDS_SHOWN ? ` and ${names.length - FIELDS_SHOWN} more` : ''}`;
}

/** A kind of value, for messages. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
