import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, StackProps } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import * as ts from 'typescript';
import { shownFiles } from '../../scripts/shown-files.mts';

/** What a reader of the README's first screen pastes into an app that `cdk init` has made. */

const ROOT = join(__dirname, '..', '..');
const files = shownFiles(readFileSync(join(ROOT, 'README.md'), 'utf8'));

let folder: string;
beforeAll(() => {
  // Inside of the repository, where the packages are found.
  const reports = join(ROOT, 'test-reports');
  mkdirSync(reports, { recursive: true });
  folder = mkdtempSync(join(reports, 'first-import-'));
  files.forEach(({ name, text }) => writeFileSync(join(folder, name), text));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the README shows the source and the stack, each as a whole file', () => {
  expect(files.map(({ name }) => name)).toEqual(['orders.source.ts', 'orders-stack.ts']);
});

test('they compile as an app of `cdk init` is compiled, which has the package by its name', () => {
  // Those that `cdk init app --language typescript` writes.
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, lib: ['lib.es2022.d.ts'],
    strict: true, noImplicitReturns: true, noFallthroughCasesInSwitch: false,
    experimentalDecorators: true, strictPropertyInitialization: false,
    noEmit: true, skipLibCheck: true, types: ['node'], typeRoots: [join(ROOT, 'node_modules', '@types')],
    paths: { 'cdk-paginated-import': [join(ROOT, 'src', 'index.ts')], 'cdk-paginated-import/source': [join(ROOT, 'src', 'source', 'index.ts')] },
  };
  const program = ts.createProgram(files.map(({ name }) => join(folder, name)), options);
  const problems = ts.getPreEmitDiagnostics(program).map(({ messageText, file }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  expect(problems).toEqual([]);
});

test('the app of `cdk init` synthesizes them as they are', () => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { OrdersStack } = require(join(folder, 'orders-stack.ts')) as { OrdersStack: new (scope: Construct, id: string, props?: StackProps) => Stack };
  const template = Template.fromStack(new OrdersStack(new App(), 'OrdersStack', { env: { account: '123456789012', region: 'eu-west-1' } }));
  template.resourceCountIs('AWS::StepFunctions::StateMachine', 2);
  template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 day)' });
  template.hasResourceProperties('AWS::Lambda::Function', { Description: Match.stringLikeRegexp('fetches pages'), Runtime: 'nodejs24.x' });
});
