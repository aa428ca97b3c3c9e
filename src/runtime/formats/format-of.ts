import { FormatName, FormatSettings } from '../../protocol/output-settings';
import { Csv } from './csv';
import { Format } from './format';
import { jsonArray } from './json-array';
import { jsonLines } from './json-lines';

/** The format of an import. */
export function formatOf(settings: FormatSettings): Format {
  switch (settings.name) {
    case FormatName.JSON_LINES: return jsonLines;
    case FormatName.JSON_ARRAY: return jsonArray;
    case FormatName.CSV: return new Csv(settings);
  }
}
