import { checkHttpSettings } from '../../protocol/http-check/check-http-settings';
import { HttpSettings } from '../../protocol/http-settings';
import type { Source } from '../handler/define-source';
import { HTTP_TOOLS } from './http-tools';
import { sourceOf } from './source-of';

/**
 * A source by settings: the default export of a fetch-page module that needs no code for requests.
 *
 * @throws Error if a setting is wrong; the message says what to write instead
 */
export function httpSource(settings: HttpSettings): Source {
  checkHttpSettings('httpSource', settings);
  return sourceOf(settings, HTTP_TOOLS);
}
