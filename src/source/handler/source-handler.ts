import type { FetchPage } from './define-source';

/** The handler of a module, or what is wrong with its default export. */
export type FoundHandler =
  | { readonly fetchPage: FetchPage; readonly problem?: undefined }
  | { readonly fetchPage?: undefined; readonly problem: string };

/** Maximum nesting of modules. More than three levels are a loop, such as `module.exports.default = module.exports`. */
const MAX_LEVELS = 3;

/**
 * Finds the handler in a module's exports, however the module was built.
 *
 * ```
 * import of an ES module                  { default: handler }
 * import of CommonJS from tsc             { default: { __esModule, default: handler } }
 * a bundle, or a re-export                one level more
 * ```
 */
export function sourceHandler(exports: unknown): FoundHandler {
  return handlerIn(exports, MAX_LEVELS);
}

function handlerIn(exported: unknown, levels: number): FoundHandler {
  if (typeof exported === 'function') return handlerMadeOf(exported);
  if (typeof exported !== 'object' || exported === null) return refused(typeOf(exported));
  if ('default' in exported && levels > 0) return handlerIn(exported.default, levels - 1);
  if (isModule(exported)) return { problem: 'it has no default export' };
  return handlerOf(exported);
}

function handlerMadeOf(exported: object): FoundHandler {
  if (isClass(exported)) return refused(CLASS);
  return isGenerator(exported) ? refused(GENERATOR) : { fetchPage: exported as FetchPage };
}

function handlerOf(exported: object): FoundHandler {
  const { fetchPage, then } = exported as { readonly fetchPage?: unknown; readonly then?: unknown };
  if (typeof fetchPage === 'function' && isGenerator(fetchPage)) return refused(`an object whose fetchPage is ${GENERATOR}`);
  if (typeof fetchPage === 'function') return { fetchPage: fetchPage.bind(exported) as FetchPage };
  if (fetchPage !== undefined) return refused(`an object whose fetchPage is ${typeOf(fetchPage)}`);
  return refused(typeof then === 'function' ? PROMISE : typeOf(exported));
}

const CLASS = 'a class; export an instance of it: export default new Orders()';
const GENERATOR = 'a generator function; return the records of one page instead of yielding them: export default async (request) => records';
const PROMISE = 'a promise; await it: export default await promise';

function refused(what: string): FoundHandler {
  return { problem: `its default export is ${what}` };
}

function typeOf(value: unknown): string {
  return value === undefined || value === null ? String(value) : `of type ${typeof value}`;
}

/** Recognizes a class: unlike a function's, its `prototype` is not writable. */
function isClass(exported: object): boolean {
  return Object.getOwnPropertyDescriptor(exported, 'prototype')?.writable === false;
}

/** `function*` or `async function*`: its answer is never a page, whatever it yields. */
function isGenerator(exported: object): boolean {
  return /^\[object (Async)?GeneratorFunction\]$/.test(Object.prototype.toString.call(exported));
}

/** An ES module, or CommonJS compiled from one. */
function isModule(exported: object): boolean {
  return '__esModule' in exported || Object.prototype.toString.call(exported) === '[object Module]';
}
