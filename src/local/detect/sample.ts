import { JsonObject } from '../../protocol/json';
import { HttpResponse } from '../../source/http/message/http-response';
import { Field, fieldsOf } from '../signs/fields';

/** The records of a response, and where they are. */
export interface SampleRecords {
  /** JSONPath; `$` for a response that is the list itself. */
  readonly path: string;
  readonly list: readonly unknown[];
}

/** A first answer of a source: what proposals are made from. */
export interface Sample {
  /** The address that was asked for. */
  readonly url: URL;
  readonly response: HttpResponse;
  readonly body: JsonObject | readonly unknown[];
  readonly fields: readonly Field[];
  readonly records: SampleRecords;
}

export function sampleOf(url: URL, response: HttpResponse, records: SampleRecords): Sample {
  const body = response.body() as Sample['body'];
  return { url, response, body, fields: fieldsOf(body), records };
}
