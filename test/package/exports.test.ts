import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/paths.mts';

/** What users may import, and nothing else: every name is a promise. */
const VALUES = {
  source: ['HmacAlgorithm', 'HttpDecoder', 'HttpErrorAction', 'HttpMethod', 'LargeNumbers', 'NonRetryableError', 'OffsetAdvance', 'RetryLaterError',
    'SignatureEncoding', 'TimeFormat', 'defineSource', 'httpClient', 'httpSource', 'linkOf'],
  local: ['AssemblyError', 'Fault', 'LocalCloud', 'ProgressLine', 'importProgress'],
};

const TYPES = {
  source: ['FetchPage', 'FetchPageRequest', 'FetchPageResponse', 'FlaggedPage', 'HttpClientForHandlers', 'HttpClientRequest', 'HttpClientResponse',
    'HttpClientSettings', 'HttpResponse', 'HttpSettings', 'HttpSourceOptions', 'JsonObject', 'JsonValue', 'RetryAfter', 'RetryLater', 'Source',
    'SourceOptions', 'SourceRequest', 'StandardSchema', 'TokenPage'],
  local: ['Execution', 'ExecutionEvent', 'ExecutionResult', 'FaultEffect', 'FaultOptions', 'FunctionLogLine', 'FunctionOverrides', 'HangOptions',
    'ImportProgress', 'InjectedFault', 'InterceptedRequest', 'Interceptor', 'Intervention', 'LocalCloudOptions', 'LocalObject', 'LocalS3',
    'OperationTraffic', 'ProgressOutput', 'RedriveOptions', 'RepeatedTokenOptions', 'Replacement', 'ServerErrorOptions', 'StartOptions',
    'TaskReplacement', 'TooManyRequestsOptions'],
};

/** What Node.js itself adds to the exports of a CommonJS module, and compilers to those of a module that was an ES module. */
const ADDED = ['__esModule', 'default', 'module.exports'];

describe.each(['source', 'local'] as const)('cdk-paginated-import/%s', (entry) => {
  test('has these exports for import', () => {
    const code = `console.log(JSON.stringify(Object.keys(await import('cdk-paginated-import/${entry}'))))`;
    const names = JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: ROOT, encoding: 'utf8' })) as string[];
    expect(names.filter((name) => !ADDED.includes(name)).sort()).toEqual(VALUES[entry]);
  });

  test('has these exports for require', () => {
    const code = `console.log(JSON.stringify(Object.keys(require('cdk-paginated-import/${entry}'))))`;
    const names = JSON.parse(execFileSync(process.execPath, ['--input-type=commonjs', '-e', code], { cwd: ROOT, encoding: 'utf8' })) as string[];
    expect(names.sort()).toEqual(VALUES[entry]);
  });

  test('has these types', () => {
    const declarations = readFileSync(join(ROOT, 'lib', entry, 'index.d.ts'), 'utf8');
    expect(namesIn(declarations, 'type')).toEqual(TYPES[entry]);
    expect(namesIn(declarations, '')).toEqual(VALUES[entry]);
    expect(declarations).not.toMatch(/export \*|export default|export (?:declare|interface|class|const|function)/);
  });
});

function namesIn(declarations: string, kind: string): string[] {
  const lists = [...declarations.matchAll(/^export (type )?\{([^}]*)\}/gm)].filter(([, type = '']) => type.trim() === kind);
  return lists.flatMap(([, , names]) => names!.split(',').map((name) => name.trim()).filter(Boolean)).sort();
}
