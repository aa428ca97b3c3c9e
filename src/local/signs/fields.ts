/** A field of a response that is outside its lists: what pagination is told by. */
export interface Field {
  /** JSONPath. */
  readonly path: string;
  /** The last name of the path, in lower case and without `_`, `-`, `@` and dots: `nextcursor`. */
  readonly plainName: string;
  /** All names of the path, in the same form: `pagingnextafter`. */
  readonly plainPath: string;
  readonly value: unknown;
}

const LEVELS = 4;

const PLAIN_NAME = /^[A-Za-z_]\w*$/;

/** Names with characters that the JSONPath library does not take, not even escaped, cannot be pointed to. */
const UNREACHABLE = /\p{Cc}/u;

/** The fields of a body, those of objects in it included, the outer ones first. Lists are not looked into: they hold records. */
export function fieldsOf(body: unknown): readonly Field[] {
  return fieldsIn(body, '$', '', LEVELS).toSorted((one, other) => depth(one.path) - depth(other.path));
}

function depth(path: string): number {
  return path.split(/[.[]/).length;
}

function fieldsIn(value: unknown, path: string, plainPath: string, levels: number): Field[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || levels === 0) return [];
  return Object.entries(value).filter(([name]) => isReachable(name)).flatMap(([name, field]) => {
    const here: Field = { path: pathOf(path, name), plainName: plain(name), plainPath: plainPath + plain(name), value: field };
    return [here, ...fieldsIn(field, here.path, here.plainPath, levels - 1)];
  });
}

function pathOf(path: string, name: string): string {
  return PLAIN_NAME.test(name) ? `${path}.${name}` : `${path}['${name.replace(/['\\]/g, '\\$&')}']`;
}

/** Whether a JSONPath can have this name, or this path. */
export function isReachable(text: string): boolean {
  return !UNREACHABLE.test(text);
}

/** A name as it is compared. */
export function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
