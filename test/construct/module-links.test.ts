import { certainProblem } from '../../src/construct/source/module-links';

/** What an older Node.js says may be its own fault: the fetch function runs on version 24. */

const FOLDER = '/app/code';

const written = (location: string, error: string): string => `${location}\nimport { x } from 'y';\n         ^\n${error}\n    at ModuleJob.run (node:internal/x:1:2)\n\nNode.js v22.2.0\n`;

test.each<[string, string]>([
  ['syntax', written('file:///app/code/source.mjs:7', 'SyntaxError: Unexpected identifier')],
  ['a name of its own modules', written('file:///app/code/source.mjs:7', 'SyntaxError: The requested module \'node:zlib\' does not provide an export named \'x\'')],
  ['a module of its own', written('node:internal/modules/esm/resolve:1', 'Error [ERR_UNKNOWN_BUILTIN_MODULE]: No such built-in module: node:later')],
])('is left alone by an older version: %s', (_what, stderr) => {
  expect(certainProblem(stderr, FOLDER, 22)).toBeUndefined();
  expect(certainProblem(stderr, FOLDER, 24)).toMatch(/Unexpected identifier|'x' \(source\.mjs:7\)|node:later/);
});

test.each<[string, string, string]>([
  ['no default export', written('file:///app/code/[eval1]:1', 'SyntaxError: The requested module \'file:///app/code/source.mjs\' does not provide an export named \'default\''),
    'it has no default export'],
  ['a missing file', written('node:internal/modules/esm/resolve:1', 'Error [ERR_MODULE_NOT_FOUND]: Cannot find module \'/app/code/x.mjs\' imported from /app/code/source.mjs'),
    'Error: Cannot find module \'x.mjs\' imported from source.mjs'],
])('is certain in any version: %s', (_what, stderr, problem) => {
  expect(certainProblem(stderr, FOLDER, 22)).toBe(problem);
});

test('an end that says nothing of modules is no problem of theirs', () => {
  expect(certainProblem('out of memory', FOLDER, 24)).toBeUndefined();
});
