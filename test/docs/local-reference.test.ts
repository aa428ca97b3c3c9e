import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as ts from 'typescript';
import { OPTIONS } from '../../src/local/cli/usage';

const ROOT = join(__dirname, '../..');
const LOCAL = join(ROOT, 'src', 'local');
const reference = readFileSync(join(ROOT, 'docs', 'local-reference.md'), 'utf8');

/** All that stands in code, name by name. */
const named = new Set([...reference.matchAll(/`([^`\n]+)`/g)].flatMap(([, code]) => code!.match(/[\w-]+/g) ?? []));

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
}

/** The names that `/local` exports, each with the file that declares it. */
function exportsOfLocal(): [string, string][] {
  return parse(join(LOCAL, 'index.ts')).statements.filter(ts.isExportDeclaration).flatMap(({ exportClause, moduleSpecifier }) => {
    const file = join(LOCAL, `${(moduleSpecifier as ts.StringLiteral).text}.ts`);
    return (exportClause as ts.NamedExports).elements.map(({ name }): [string, string] => [name.text, file]);
  });
}

/** The members of an exported interface or class that its users see. Of a type that is a union, those of its parts. */
function membersOf(name: string, file: string): string[] {
  const declared = parse(file).statements.find((statement) => (statement as ts.ClassDeclaration).name?.text === name);
  if (!declared) return [];
  if (ts.isClassDeclaration(declared) || ts.isInterfaceDeclaration(declared)) {
    const inherited = (declared.heritageClauses ?? []).flatMap(({ types }) => types.map(({ expression }) => expression.getText()));
    return [...namesOf(declared.members), ...inherited.flatMap((parent) => membersOf(parent, fileOf(parent, file)))];
  }
  return ts.isTypeAliasDeclaration(declared) && ts.isUnionTypeNode(declared.type) && name === 'Intervention'
    ? declared.type.types.flatMap((part) => namesOf((part as ts.TypeLiteralNode).members))
    : [];
}

function namesOf(members: readonly (ts.ClassElement | ts.TypeElement)[]): string[] {
  const seen = members.filter((member) => !(ts.getCombinedModifierFlags(member as ts.Declaration) & ts.ModifierFlags.Private));
  return seen.flatMap(({ name }) => name && ts.isIdentifier(name) ? [name.text] : []);
}

/** The file from which another one imports a name, or that file itself. */
function fileOf(name: string, file: string): string {
  const imports = parse(file).statements.filter(ts.isImportDeclaration);
  const imported = imports.find(({ importClause }) => importClause?.getText().includes(name));
  return imported ? join(dirname(file), `${(imported.moduleSpecifier as ts.StringLiteral).text}.ts`) : file;
}

test.each(exportsOfLocal())('%s is in the reference, with its members', (name, file) => {
  expect([name, ...membersOf(name, file)].filter((each) => each !== 'toString' && !named.has(each))).toEqual([]);
});

test('members are found, those of classes and inherited ones included', () => {
  const [, file] = exportsOfLocal().find(([name]) => name === 'HangOptions')!;
  expect(membersOf('HangOptions', file)).toEqual(expect.arrayContaining(['functionTimeoutSeconds', 'whenInput']));
  const [, cloud] = exportsOfLocal().find(([name]) => name === 'LocalCloud')!;
  expect(membersOf('LocalCloud', cloud)).toEqual(expect.arrayContaining(['start', 'startExecution', 'faultsNotInjected']));
});

test.each(OPTIONS.map(({ name }) => [name]))('the command\'s option --%s is in the reference', (name) => {
  expect(reference).toContain(`--${name}`);
});

test('the README leads to the reference', () => {
  expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain('](docs/local-reference.md)');
});
