import { checkHttpSettings } from '../../protocol/http-check/check-http-settings';
import { HttpSettings } from '../../protocol/http-settings';
import type { Source } from '../handler/define-source';
import { HTTP_TOOLS } from './http-tools';
import { HttpResponse } from './message/http-response';
import { sourceOf } from './source-of';

/** Code of a source that otherwise is settings. */
export interface HttpSourceOptions {
  /**
   * Finds the records of a page, where no path can: it may read, join and leave out. The end of the import is decided by what it returns,
   * so leave out records of a page only where a token, a link or a flag tells the end. Return `undefined` if the response is not a page:
   * the import fails.
   * @default - the path `records` of the settings
   */
  readonly records?: (body: any, response: HttpResponse) => readonly unknown[] | undefined;
}

/**
 * A source by settings: the default export of a fetch-page module that needs no code for requests. Its `fetchPage` may be called by code,
 * too: it makes the request of any pagination style, and gives the answer to it.
 *
 * @throws Error if a setting is wrong; the message says what to write instead
 */
export function httpSource(settings: HttpSettings, options: HttpSourceOptions = {}): Source {
  checkHttpSettings('httpSource', settings);
  return sourceOf(settings, HTTP_TOOLS, options);
}
