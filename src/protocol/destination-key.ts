/** The placeholders of a destination key. Dates and times are those of the import's start, in UTC. */

/** Where the placeholders get their values from. */
export interface PlaceholderValues {
  readonly importId: string;
  readonly executionName: string;
  readonly startTime: Date;
}

/** The value of each placeholder. */
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

/** The names that a destination key may have in braces. */
export const DESTINATION_PLACEHOLDERS = Object.keys(PLACEHOLDERS) as readonly Placeholder[];

const BRACES = /\{([^{}]*)\}/g;

/** The placeholders in a key that do not exist. */
export function unknownPlaceholders(template: string): string[] {
  return [...template.matchAll(BRACES)].map((match) => match[1]!).filter((name) => !isPlaceholder(name));
}

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

/** The text before the first placeholder: all keys of the template start with it. */
export function literalPrefix(template: string): string {
  const brace = template.indexOf('{');
  return brace < 0 ? template : template.slice(0, brace);
}

function isPlaceholder(name: string): name is Placeholder {
  return Object.prototype.hasOwnProperty.call(PLACEHOLDERS, name);
}
