import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { SourceLoadError, SourceModuleError } from '../../../src/protocol/errors';
import { PageFetcher } from '../../../src/runtime/fetch/page-fetcher';
import { ModuleSource } from '../../../src/runtime/sources/module-source';
import { StrayErrors } from '../../../src/runtime/sources/stray-errors';
import { IMPORT_FILE, THIRD_PAGE } from '../../kit/import-file';
import { testWorld } from '../../kit/test-world';

const REQUEST = { pageToken: null, offset: 4, pageNumber: 3, pageSize: 2, input: {}, importId: 'import-1', attempt: 1 };
const SIGNAL = new AbortController().signal;

/** jest resolves imports itself: a path stands for the URL in a Lambda function. */
const moduleOf = (name: string): ModuleSource => new ModuleSource(join(__dirname, 'modules', name));

test.each(['function.ts', 'async-function.ts', 'define-source.ts', 'object-with-method.ts'])('the default export may be a function, or what defineSource returns: %s', async (name) => {
  await expect(moduleOf(name).fetchPage(REQUEST, SIGNAL)).resolves.toEqual([{ pageNumber: 3, aborted: false }]);
});

test.each([
  ['no-default.ts', 'it has no default export'],
  ['string.ts', 'its default export is of type string'],
  ['null.ts', 'its default export is null'],
  ['object.ts', 'its default export is of type object'],
  ['not-there.ts', 'it failed to load'],
])('a module that cannot be used is named, and not tried again: %s', async (name, problem) => {
  const failure = new PageFetcher(moduleOf(name), IMPORT_FILE, testWorld(), 5).fetch(THIRD_PAGE, 60_000);

  await expect(failure).rejects.toThrow(SourceModuleError);
  await expect(failure).rejects.toThrow(problem);
});

test.each([
  ['throwing.ts', 'its code outside of the handler threw: TypeError: cannot read the settings'],
  ['throwing-a-string.ts', 'its code outside of the handler threw: "a string"'],
])('a module that throws may do so for a cause that passes, but never in the same process: %s', async (name, problem) => {
  const source = moduleOf(name);
  const fetcher = new PageFetcher(source, IMPORT_FILE, testWorld(), 5);
  expect(source.broken).toBeUndefined();

  await expect(fetcher.fetch(THIRD_PAGE, 60_000)).rejects.toThrow(SourceLoadError);
  await expect(fetcher.fetch(THIRD_PAGE, 60_000)).rejects.toThrow(problem);
  expect(source.broken).toMatchObject({ by: 'load' });
});

test('what a handler throws outside its promise breaks the process', async () => {
  const emitter = new EventEmitter();
  const source = new ModuleSource(join(__dirname, 'modules', 'hanging.ts'), new StrayErrors(emitter));
  const page = source.fetchPage(REQUEST, SIGNAL);
  emitter.emit('uncaughtException', 'late');

  await expect(page).rejects.toMatchObject({ by: 'uncaughtException', thrown: 'late' });
  expect(source.broken).toMatchObject({ by: 'uncaughtException' });
});

test('after an invocation, such errors go to the original listeners', async () => {
  const emitter = new EventEmitter();
  const source = new ModuleSource(join(__dirname, 'modules', 'function.ts'), new StrayErrors(emitter));
  await source.fetchPage(REQUEST, SIGNAL);
  expect(emitter.listenerCount('uncaughtException')).toBe(1);

  source.endInvocation();
  expect(emitter.listenerCount('uncaughtException')).toBe(0);
});

test('the module is loaded once', async () => {
  const source = moduleOf('counting.ts');
  const pages = await Promise.all([source.fetchPage(REQUEST, SIGNAL), source.fetchPage(REQUEST, SIGNAL)]);

  expect(pages).toEqual([[{ loaded: 1 }], [{ loaded: 1 }]]);
});

test('a handler that throws before its first await fails the page', async () => {
  await expect(new PageFetcher(moduleOf('throws-on-page.ts'), IMPORT_FILE, testWorld(), 1).fetch(THIRD_PAGE, 60_000)).rejects.toThrow('attempt 1: RangeError: no such page');
});
