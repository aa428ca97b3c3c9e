import { PageContext } from '../../protocol/errors';
import { JsonValue } from '../../protocol/json';
import { refuseRecord, toJson } from '../core/invalid-page';
import { EncodedPage, Format } from './format';
import { firstLine, textOf } from './head';
import { PageText } from './page-text';

const OPENING = '[\n';
const SEPARATOR = ',\n';

/** One array of all records, each in a line of its own. */
export const jsonArray: Format = {
  separator: SEPARATOR,
  closing: '\n]\n',

  encode(records: readonly unknown[], page: PageContext, _columns: unknown, limitBytes: number): EncodedPage {
    const text = new PageText(page, limitBytes);
    for (let index = 0; index < records.length; index++) {
      const json = toJson(records[index]) ?? refuseRecord(page, index, records[index]);
      text.add(index === 0 ? json : `${SEPARATOR}${json}`);
    }
    return { text: text.end(), columns: undefined };
  },

  opening: () => OPENING,
  empty: () => '[]\n',

  firstRecord(head: Uint8Array): JsonValue | undefined {
    const text = textOf(head.subarray(0, OPENING.length));
    // A chunk begins an array, goes on after the record before it, or closes the array.
    const record = text === OPENING || text === SEPARATOR ? head.subarray(OPENING.length) : undefined;
    return record && recordIn(record);
  },
};

function recordIn(bytes: Uint8Array): JsonValue | undefined {
  const line = firstLine(bytes);
  if (line !== undefined) return JSON.parse(line.replace(/,$/, '')) as JsonValue;
  // The last record of a chunk is followed by nothing. Cut off anywhere it is no JSON, but for a number, which may go on.
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
