import { resolveDestinationKey } from '../../protocol/destination-key';

/** An execution's name: the only placeholder whose value people choose. */
const EXECUTION_NAME = '{executionName}';

/** All other placeholders have values of a fixed form. */
const FIXED = { importId: '00000000-0000-0000-0000-000000000000', executionName: EXECUTION_NAME, startTime: new Date(0) };

/**
 * Whether the object of one import and the manifest of another may have the same key, because an execution's name may contain the
 * difference: with `n/{executionName}` and `n/{executionName}.json`, the execution `x.json` would replace the manifest of `x`.
 *
 * @param key without CDK tokens
 * @param manifestKey without CDK tokens
 */
export function mayBeSameKey(key: string, manifestKey: string): boolean {
  return meet(symbolsOf(key), symbolsOf(manifestKey));
}

/** Any characters but a slash, which no execution's name has. */
const ANY: unique symbol = Symbol('any characters');
type KeySymbol = string | typeof ANY;

function symbolsOf(template: string): KeySymbol[] {
  const literals = resolveDestinationKey(template, FIXED).split(EXECUTION_NAME);
  return literals.flatMap((literal, index): KeySymbol[] => [...(index > 0 ? [ANY] as const : []), ...literal]);
}

/** Whether some text matches both patterns, from the given places on. Each place of the other pattern is visited once. */
function meet(one: readonly KeySymbol[], other: readonly KeySymbol[]): boolean {
  const seen = new Set<string>();
  const from = (i: number, j: number): boolean => {
    if (i === one.length && j === other.length) return true;
    if (seen.has(`${i},${j}`)) return false;
    seen.add(`${i},${j}`);
    const [a, b] = [one[i], other[j]];
    if (a === ANY && (from(i + 1, j) || (b !== undefined && b !== '/' && from(i, j + 1)))) return true;
    if (b === ANY && (from(i, j + 1) || (a !== undefined && a !== '/' && from(i + 1, j)))) return true;
    return a !== ANY && b !== ANY && a !== undefined && a === b && from(i + 1, j + 1);
  };
  return from(0, 0);
}
