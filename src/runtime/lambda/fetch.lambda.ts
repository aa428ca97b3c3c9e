import { SOURCE_MODULE_FILE } from '../../protocol/environment';
import { ModuleSource } from '../sources/module-source';
import { endingWhenBroken } from './ending-when-broken';
import { fetchHandler } from './fetch-handler';

// Shared by all imports: a process loads the module once.
const source = new ModuleSource(new URL(SOURCE_MODULE_FILE, import.meta.url).href);

/** Fetch, with the user's module in the same function. */
export const handler = endingWhenBroken(source, fetchHandler(() => source));
