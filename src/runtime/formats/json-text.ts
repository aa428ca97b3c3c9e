import { NonFiniteNumbers } from '../../protocol/choices';
import { PageContext } from '../../protocol/errors';
import { refuse } from './invalid-page';
import { PageText } from './page-text';
import { jsonOf, refuseLosses, refuseRecord } from './unwritable';
import { kindOf } from './value-names';

/** How the records of a page are written as JSON. */
export interface JsonTextStyle {
  readonly page: PageContext;
  readonly limitBytes: number;
  readonly nonFiniteNumbers: NonFiniteNumbers;
  /** Text before each record except the first. */
  readonly before: string;
  /** Text after each record. */
  readonly after: string;
}

/**
 * The records as JSON.
 *
 * @throws InvalidPageError if JSON does not preserve a record
 * @throws PageTooLargeError if the text exceeds the limit
 */
export function jsonText(records: readonly unknown[], { page, limitBytes, nonFiniteNumbers, before, after }: JsonTextStyle): string {
  const text = new PageText(page, limitBytes);
  for (let index = 0; index < records.length; index++) {
    try {
      const json = jsonOf(records[index], nonFiniteNumbers) ?? refuseNothing(page, index, records[index]);
      text.add(`${index === 0 ? '' : before}${json}${after}`);
    } catch (error) {
      refuseRecord(error, page, index, limitBytes);
    }
  }
  const whole = text.end();
  refuseLosses(records, whole, page, nonFiniteNumbers);
  return whole;
}

function refuseNothing(page: PageContext, index: number, record: unknown): never {
  refuse(page, `records[${index}] is ${kindOf(record)}, of which JSON keeps nothing`, 'a value that JSON has');
}
