import { SOURCE_MODULE_FILE } from '../protocol/environment';
import { fetchHandler } from './lambda/fetch-handler';
import { ModuleSource } from './sources/module-source';

/** Fetch, with the user's module beside it. */
export const handler = fetchHandler(new ModuleSource(new URL(SOURCE_MODULE_FILE, import.meta.url).href));
