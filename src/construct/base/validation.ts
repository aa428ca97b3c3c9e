import { Duration, Token } from 'aws-cdk-lib';

/**
 * Wrong props fail at synth, with a message that says what to write instead.
 */

/**
 * The error for a refused value.
 *
 * @param where the construct with its path, or the factory that was called
 * @param property the property's name
 * @param problem what is wrong with it, e.g. "is 0"
 * @param remedy what to write instead, e.g. "a whole number from 1"
 */
export function refusal(where: string, property: string, problem: string, remedy: string): Error {
  return new Error(`${where}: ${property} ${problem}; write ${remedy} instead`);
}

export interface Bounds {
  readonly min: number;
  /** @default Number.MAX_SAFE_INTEGER */
  readonly max?: number;
  /** Unit of the numbers, e.g. "seconds"; absent for plain counts. */
  readonly unit?: string;
}

/** Refuses a number that is a token, fractional or out of bounds. */
export function checkWholeNumber(where: string, property: string, value: number, bounds: Bounds): void {
  const remedy = `a whole number ${rangeOf(bounds)}`;
  if (Token.isUnresolved(value)) throw refusal(where, property, 'is a token, whose value is not known at synth', `${remedy} as a literal`);
  if (!Number.isSafeInteger(value)) throw refusal(where, property, `is ${value}, not a whole number`, remedy);
  if (!isWithin(value, bounds)) throw refusal(where, property, `is ${value}`, remedy);
}

/** The seconds of a duration; refuses one that is a token, fractional or out of bounds. */
export function checkedSeconds(where: string, property: string, duration: Duration, bounds: Bounds): number {
  const remedy = `a duration ${rangeOf({ ...bounds, unit: 'seconds' })}`;
  if (duration.isUnresolved()) throw refusal(where, property, 'is a token, whose value is not known at synth', `${remedy} as a literal`);
  const seconds = duration.toSeconds({ integral: false });
  if (!Number.isSafeInteger(seconds)) throw refusal(where, property, `is ${seconds} seconds, not a whole number of them`, remedy);
  if (!isWithin(seconds, bounds)) throw refusal(where, property, `is ${seconds} seconds`, remedy);
  return seconds;
}

function isWithin(value: number, { min, max = Number.MAX_SAFE_INTEGER }: Bounds): boolean {
  return value >= min && value <= max;
}

function rangeOf({ min, max, unit }: Bounds): string {
  const counted = unit === undefined ? '' : ` ${unit}`;
  return max === undefined ? `of at least ${min}${counted}` : `from ${min} to ${max}${counted}`;
}
