/** The path, within a record, of the first number that a double does not hold; `undefined` if there is none. */
export function pathOfRoundedNumber(records: readonly unknown[]): string | undefined {
  for (const record of records) {
    const path = pathIn(record, '$');
    if (path !== undefined) return path;
  }
  return undefined;
}

function pathIn(value: unknown, path: string): string | undefined {
  if (typeof value === 'bigint') return path;
  if (typeof value !== 'object' || value === null) return undefined;
  if (isRawNumber(value)) return path;
  for (const [name, field] of Object.entries(value)) {
    const found = pathIn(field, Array.isArray(value) ? `${path}[*]` : `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

const { isRawJSON } = JSON as unknown as { readonly isRawJSON: (value: unknown) => boolean };

/** The engine keeps such numbers so; see exact-json.ts. */
export function isRawNumber(value: unknown): value is { readonly rawJSON: string } {
  return isRawJSON(value);
}
