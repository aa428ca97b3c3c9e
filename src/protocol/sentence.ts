/** The text as the end of a sentence. Adds a full stop unless it already ends with a punctuation mark. */
export function sentence(text: string): string {
  const trimmed = text.trimEnd();
  return /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
