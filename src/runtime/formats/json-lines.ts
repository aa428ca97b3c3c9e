import { NonFiniteNumbers } from '../../protocol/choices';
import { Columns } from '../../protocol/commit-record';
import { NON_FINITE_NUMBERS } from '../../protocol/defaults';
import { PageContext } from '../../protocol/errors';
import { JsonValue } from '../../protocol/json';
import { EncodedPage, Format } from './format';
import { firstLine } from './head';
import { jsonText } from './json-text';

/** One line of JSON per record. */
export class JsonLines implements Format {
  public readonly separator = '';
  public readonly closing = '';

  constructor(private readonly nonFiniteNumbers: NonFiniteNumbers) {}

  public encode(records: readonly unknown[], page: PageContext, columns: Columns, limitBytes: number): EncodedPage {
    const { nonFiniteNumbers } = this;
    return { text: jsonText(records, { page, limitBytes, nonFiniteNumbers, before: '', after: '\n' }), columns };
  }

  public opening(): string {
    return '';
  }

  public empty(): string {
    return '';
  }

  public firstRecord(head: Uint8Array): JsonValue | undefined {
    const line = firstLine(head);
    return line === undefined ? undefined : JSON.parse(line) as JsonValue;
  }
}

export const jsonLines: Format = new JsonLines(NON_FINITE_NUMBERS);
