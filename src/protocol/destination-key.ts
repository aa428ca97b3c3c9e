/**
 * The placeholders of a destination key. All of time come from the import's start, in UTC.
 */

/** A placeholder and what it becomes. */
const PLACEHOLDERS = {
  importId: (_startTime: Date, importId: string) => importId,
  date: (startTime: Date) => startTime.toISOString().slice(0, 10),
  yyyy: (startTime: Date) => startTime.toISOString().slice(0, 4),
  MM: (startTime: Date) => startTime.toISOString().slice(5, 7),
  dd: (startTime: Date) => startTime.toISOString().slice(8, 10),
  HH: (startTime: Date) => startTime.toISOString().slice(11, 13),
} as const;

type Placeholder = keyof typeof PLACEHOLDERS;

/** The names that may stand in braces in a destination key. */
export const DESTINATION_PLACEHOLDERS = Object.keys(PLACEHOLDERS) as readonly Placeholder[];

const BRACES = /\{([^{}]*)\}/g;

/** The placeholders of a key that do not exist. */
export function unknownPlaceholders(template: string): string[] {
  return [...template.matchAll(BRACES)].map((match) => match[1]!).filter((name) => !isPlaceholder(name));
}

/** The destination key of one import. */
export function resolveDestinationKey(template: string, startTime: Date, importId: string): string {
  return template.replace(BRACES, (whole, name: string) => (isPlaceholder(name) ? PLACEHOLDERS[name](startTime, importId) : whole));
}

/** What stands before the first placeholder: all keys of the template start with it. */
export function literalPrefix(template: string): string {
  const brace = template.indexOf('{');
  return brace < 0 ? template : template.slice(0, brace);
}

function isPlaceholder(name: string): name is Placeholder {
  return Object.prototype.hasOwnProperty.call(PLACEHOLDERS, name);
}
