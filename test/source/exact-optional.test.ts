import { join } from 'node:path';
import * as ts from 'typescript';

const FIXTURE = join(__dirname, 'exact-optional.fixture.ts');

test('a project with exactOptionalPropertyTypes may write `nextPageToken: undefined` and the like', () => {
  const program = ts.createProgram([FIXTURE], {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    types: ['node'],
  });

  expect(ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
}, 60_000);
