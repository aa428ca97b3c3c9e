import { NonFiniteNumbers } from '../../protocol/choices';
import { Columns } from '../../protocol/commit-record';
import { NON_FINITE_NUMBERS } from '../../protocol/defaults';
import { PageContext } from '../../protocol/errors';
import { JsonValue } from '../../protocol/json';
import { EncodedPage, Format } from './format';
import { firstLine, textOf } from './head';
import { jsonText } from './json-text';

const OPENING = '[\n';
const SEPARATOR = ',\n';

/** One array of all records, one per line. */
export class JsonArray implements Format {
  public readonly separator = SEPARATOR;
  public readonly closing = '\n]\n';

  constructor(private readonly nonFiniteNumbers: NonFiniteNumbers) {}

  public encode(records: readonly unknown[], page: PageContext, columns: Columns, limitBytes: number): EncodedPage {
    const { nonFiniteNumbers } = this;
    return { text: jsonText(records, { page, limitBytes, nonFiniteNumbers, before: SEPARATOR, after: '' }), columns };
  }

  public opening(): string {
    return OPENING;
  }

  public empty(): string {
    return '[]\n';
  }

  public firstRecord(head: Uint8Array): JsonValue | undefined {
    const text = textOf(head.subarray(0, OPENING.length));
    // A chunk begins the array, continues it, or closes it.
    const record = text === OPENING || text === SEPARATOR ? head.subarray(OPENING.length) : undefined;
    return record && recordIn(record);
  }
}

export const jsonArray: Format = new JsonArray(NON_FINITE_NUMBERS);

function recordIn(bytes: Uint8Array): JsonValue | undefined {
  const line = firstLine(bytes);
  if (line !== undefined) return JSON.parse(line.replace(/,$/, '')) as JsonValue;
  // Nothing follows the last record of a chunk. Cut off anywhere, it is not valid JSON, unless it is a number.
  const text = textOf(bytes);
  return /^[\d-]/.test(text) ? undefined : parsed(text);
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
