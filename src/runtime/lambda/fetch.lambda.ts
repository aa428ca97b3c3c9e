import { SOURCE_MODULE_FILE } from '../../protocol/environment';
import { ModuleSource } from '../sources/module-source';
import { endingWhenBroken } from './ending-when-broken';
import { fetchHandler } from './fetch-handler';

// One for all imports: the module is loaded once in a process.
const source = new ModuleSource(new URL(SOURCE_MODULE_FILE, import.meta.url).href);

/** Fetch, with the user's module beside it. */
export const handler = endingWhenBroken(source, fetchHandler(() => source));
