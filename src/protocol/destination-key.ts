/**
 * The placeholders of a destination key. All of time come from the import's start, in UTC.
 */

/** What the placeholders of an import's key become. */
export interface PlaceholderValues {
  readonly importId: string;
  readonly executionName: string;
  readonly startTime: Date;
}

/** A placeholder and what it becomes. */
const PLACEHOLDERS = {
  importId: ({ importId }: PlaceholderValues) => importId,
  executionName: ({ executionName }: PlaceholderValues) => executionName,
  date: ({ startTime }: PlaceholderValues) => startTime.toISOString().slice(0, 10),
  yyyy: ({ startTime }: PlaceholderValues) => startTime.toISOString().slice(0, 4),
  MM: ({ startTime }: PlaceholderValues) => startTime.toISOString().slice(5, 7),
  dd: ({ startTime }: PlaceholderValues) => startTime.toISOString().slice(8, 10),
  HH: ({ startTime }: PlaceholderValues) => startTime.toISOString().slice(11, 13),
} as const;

type Placeholder = keyof typeof PLACEHOLDERS;

/** The names that may stand in braces in a destination key. */
export const DESTINATION_PLACEHOLDERS = Object.keys(PLACEHOLDERS) as readonly Placeholder[];

const BRACES = /\{([^{}]*)\}/g;

/** The placeholders of a key that do not exist. */
export function unknownPlaceholders(template: string): string[] {
  return [...template.matchAll(BRACES)].map((match) => match[1]!).filter((name) => !isPlaceholder(name));
}

/** The placeholders of a key. */
export function placeholdersIn(template: string): string[] {
  return [...template.matchAll(BRACES)].map((match) => match[1]!).filter(isPlaceholder);
}

/** The destination key of one import. */
export function resolveDestinationKey(template: string, values: PlaceholderValues): string {
  return template.replace(BRACES, (whole, name: string) => (isPlaceholder(name) ? PLACEHOLDERS[name](values) : whole));
}

/** The name in an execution's ARN: `arn:aws:states:<region>:<account>:execution:<state machine>:<name>`. */
export function executionNameOf(executionArn: string): string {
  return executionArn.split(':').at(-1)!;
}

/** What stands before the first placeholder: all keys of the template start with it. */
export function literalPrefix(template: string): string {
  const brace = template.indexOf('{');
  return brace < 0 ? template : template.slice(0, brace);
}

function isPlaceholder(name: string): name is Placeholder {
  return Object.prototype.hasOwnProperty.call(PLACEHOLDERS, name);
}
