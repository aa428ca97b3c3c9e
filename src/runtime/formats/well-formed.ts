/** Whether a string has no lone surrogate, which UTF-8 cannot encode. Takes no time for text without wide characters. */
export function isWellFormed(text: string): boolean {
  // ES2024: every supported Node.js has it, but the types that the package is compiled with do not.
  return (text as unknown as { isWellFormed(): boolean }).isWellFormed();
}
