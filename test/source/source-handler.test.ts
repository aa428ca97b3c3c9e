import { sourceHandler } from '../../src/source/handler/source-handler';

const REQUEST = {} as Parameters<NonNullable<ReturnType<typeof sourceHandler>['fetchPage']>>[0];
const handler = (): string[] => ['page'];
const source = { fetchPage: handler };

/** As compilers mark what was an ES module. */
const compiled = (exports: object): object => Object.defineProperty({ ...exports }, '__esModule', { value: true });
/** As Node.js marks an ES module. */
const namespace = (exports: object): object => Object.defineProperty({ ...exports }, Symbol.toStringTag, { value: 'Module' });
const circular = (exported: object): object => Object.assign(exported, { default: exported });

class Orders {
  private readonly rows = ['page'];

  public fetchPage(): string[] {
    return this.rows;
  }
}

test.each<[string, object]>([
  ['a function', namespace({ default: handler })],
  ['an async function', namespace({ default: async () => ['page'] })],
  ['an object with fetchPage', namespace({ default: source })],
  ['an object of a class', namespace({ default: new Orders() })],
  ['a module that was compiled to CommonJS', namespace({ default: compiled({ default: handler }), __esModule: true })],
  ['such a module with an object', namespace({ default: compiled({ default: source }) })],
  ['such a module with an export named fetchPage beside the default', namespace({ default: compiled({ default: handler, fetchPage: () => ['wrong'] }) })],
  ['such a module in a bundle', namespace({ default: namespace({ default: compiled({ default: handler }) }) })],
  ['exports of CommonJS', namespace({ 'default': handler, 'module.exports': handler })],
  ['a namespace', namespace({ default: namespace({ default: handler }) })],
  ['a function that is its own default', namespace({ default: circular(() => ['page']) })],
  ['an object that is its own default', namespace({ default: circular({ fetchPage: handler }) })],
])('the handler is found in %s', async (_name, exports) => {
  const { fetchPage, problem } = sourceHandler(exports);
  expect(problem).toBeUndefined();
  expect(await fetchPage!(REQUEST)).toEqual(['page']);
});

test.each<[string, object, string]>([
  ['no default export', namespace({ fetchPage: handler }), 'it has no default export'],
  ['none in a module that was compiled', namespace({ default: compiled({ fetchPage: handler }) }), 'it has no default export'],
  ['none in a module that is handed on whole', namespace({ default: namespace({ fetchPage: handler }) }), 'it has no default export'],
  ['undefined', namespace({ default: undefined }), 'its default export is undefined'],
  ['null', namespace({ default: null }), 'its default export is null'],
  ['a string', namespace({ default: 'handler' }), 'its default export is of type string'],
  ['an object without a handler', namespace({ default: {} }), 'its default export is of type object'],
  ['a fetchPage that is no function', namespace({ default: { fetchPage: 'x' } }), 'its default export is an object whose fetchPage is of type string'],
  ['a fetchPage that is null', namespace({ default: { fetchPage: null } }), 'its default export is an object whose fetchPage is null'],
  ['a class', namespace({ default: Orders }), 'its default export is a class; export an instance of it: export default new Orders()'],
  ['a class in a module that was compiled', namespace({ default: compiled({ default: Orders }) }), 'its default export is a class'],
  ['a generator', namespace({ default: function* () { yield 1; } }), 'its default export is a generator function; return the records of one page'],
  ['an async generator', namespace({ default: async function* () { yield 1; } }), 'is a generator function; return the records of one page instead of yielding them'],
  ['a fetchPage that is a generator', namespace({ default: { async *fetchPage() { yield 1; } } }), 'its default export is an object whose fetchPage is a generator function'],
  ['a promise', namespace({ default: Promise.resolve(handler) }), 'its default export is a promise; await it: export default await promise'],
  ['an object that is its own default, without a handler', namespace({ default: circular({}) }), 'its default export is of type object'],
])('what is wrong is said: %s', (_name, exports, problem) => {
  expect(sourceHandler(exports)).toEqual({ problem: expect.stringContaining(problem) });
});
