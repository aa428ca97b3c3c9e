import { NonFiniteNumbers } from '../../protocol/choices';
import { NON_FINITE_NUMBERS } from '../../protocol/defaults';
import { FormatName, FormatSettings } from '../../protocol/output-settings';
import { Csv } from './csv';
import { Format } from './format';
import { JsonArray } from './json-array';
import { JsonLines } from './json-lines';

/**
 * The format of an import.
 *
 * @param nonFiniteNumbers how pages with such numbers are treated; chunks have none
 */
export function formatOf(settings: FormatSettings, nonFiniteNumbers: NonFiniteNumbers = NON_FINITE_NUMBERS): Format {
  switch (settings.name) {
    case FormatName.JSON_LINES: return new JsonLines(nonFiniteNumbers);
    case FormatName.JSON_ARRAY: return new JsonArray(nonFiniteNumbers);
    case FormatName.CSV: return new Csv(settings, nonFiniteNumbers);
  }
}
