import { PageContext } from '../../protocol/errors';
import { JsonValue } from '../../protocol/json';
import { refuseRecord, toJson } from '../core/invalid-page';
import { EncodedPage, Format } from './format';
import { firstLine } from './head';
import { PageText } from './page-text';

/** One line of JSON per record. */
export const jsonLines: Format = {
  separator: '',
  closing: '',

  encode(records: readonly unknown[], page: PageContext, _columns: unknown, limitBytes: number): EncodedPage {
    const text = new PageText(page, limitBytes);
    for (let index = 0; index < records.length; index++) {
      text.add(`${toJson(records[index]) ?? refuseRecord(page, index, records[index])}\n`);
    }
    return { text: text.end(), columns: undefined };
  },

  opening: () => '',
  empty: () => '',

  firstRecord(head: Uint8Array): JsonValue | undefined {
    const line = firstLine(head);
    return line === undefined ? undefined : JSON.parse(line) as JsonValue;
  },
};
