import { UsageError } from './usage-error';

/** @throws UsageError if the text is not one of the values */
export function oneOf(option: string, text: string, values: readonly string[]): string {
  if (values.includes(text)) return text;
  throw new UsageError(`--${option} is ${shown(text)}; give one of ${values.join(', ')}`);
}

/** @throws UsageError if the text is not a whole number of 1 or more */
export function positiveInteger(option: string, text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value > 0) return value;
  throw new UsageError(`--${option} is ${shown(text)}; give a whole number of 1 or more`);
}

function shown(text: string): string {
  return text === '' ? 'empty' : text;
}
