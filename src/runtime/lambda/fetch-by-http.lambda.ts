import { SOURCE_MESSAGE } from '../../protocol/environment';
import { HttpSettings } from '../../protocol/http-settings';
import { HTTP_TOOLS } from '../../source/http/http-tools';
import { HttpPageSource } from '../sources/http-page-source';
import { fetchHandler } from './fetch-handler';
import { logLine, LogLevel } from './log-line';

/** By their settings. Kept for later invocations, with their connections, credentials and what they know of the source's limits. */
const sources = new Map<string, HttpPageSource>();

function sourceOf(settings: string): HttpPageSource {
  const source = sources.get(settings) ?? new HttpPageSource(JSON.parse(settings) as HttpSettings, {
    ...HTTP_TOOLS, log: (event) => logLine(LogLevel.INFO, { message: SOURCE_MESSAGE, event }),
  });
  sources.set(settings, source);
  return source;
}

/** Fetch, with a source by settings. */
export const handler = fetchHandler((_importFile, _world, settings) => sourceOf(settings!));
