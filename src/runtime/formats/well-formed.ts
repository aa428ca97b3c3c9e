/** Whether a text has no lone half of a surrogate pair, for which UTF-8 has no bytes. Takes no time for text without wide characters. */
export function isWellFormed(text: string): boolean {
  // Of ES2024, which every supported Node.js has, and the types that the package is compiled with do not.
  return (text as unknown as { isWellFormed(): boolean }).isWellFormed();
}
