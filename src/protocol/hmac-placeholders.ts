/** What may be signed by HMAC, and what may stand next to the signature. */

/** Placeholders of the message. */
export const MESSAGE_PLACEHOLDERS = ['method', 'host', 'path', 'query', 'body', 'timestamp', 'nonce'] as const;

/** Placeholders of the format. */
export const FORMAT_PLACEHOLDERS = ['signature', 'timestamp', 'nonce'] as const;

/** Values by placeholder. */
export type HmacValues<Name extends string> = Readonly<Record<Name, string>>;

const PLACEHOLDER = /\{([\w.]+)\}/g;

/** The names of the placeholders in a text. */
export function hmacPlaceholdersIn(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name]) => name!);
}

/** Fills in all placeholders at once: a value may look like a placeholder. */
export function withHmacValues<Name extends string>(text: string, values: HmacValues<Name>): string {
  return text.replace(PLACEHOLDER, (_, name: Name) => values[name]);
}
