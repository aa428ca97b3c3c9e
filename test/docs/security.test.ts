import { Properties, statementsOfRole } from '../construct/kit';
import { permissionTable, readSecurityDocs, synthesizedImport, withPermissions } from './permission-docs';
import { rowOf, textOf } from './policy-rows';

const markdown = readSecurityDocs();
const synthesized = synthesizedImport();
const table = permissionTable(synthesized);
const rows = table.split('\n').slice(2);

test('the table is that of the code; `tsx test/docs/write-permission-docs.ts` brings it up to date', () => {
  expect(withPermissions(markdown, synthesized)).toBe(markdown);
});

test('every action of every role is in the table, under a name that readers know', () => {
  const roles = Object.keys(synthesized.template.findResources('AWS::IAM::Role'));
  const statements = roles.flatMap((role) => statementsOfRole(synthesized.template, role));
  const actions = statements.flatMap(({ Action }) => [Action].flat() as string[]);
  const who = new Set(rows.flatMap((row) => row.split(' | ')[0]!.slice(2).split(', ')));

  expect(actions.length).toBeGreaterThan(40);
  expect(actions.filter((action) => !table.includes(`\`${action}\``))).toEqual([]);
  expect([...who].sort()).toEqual(['CleanUp', 'Fetch', 'Initialize', 'Persist', 'Summarize', 'anyone', 'child machine', 'state machine']);
});

test('only Persist may change the destination, Initialize may look at it, and no role may delete there', () => {
  const touching = rows.filter((row) => row.includes('`destination'));
  const changing = touching.filter((row) => !/`s3:(GetObject|ListBucket)`/.test(row));

  expect(changing.length).toBeGreaterThan(1);
  // This write names the object that it would replace, and there is none that it could name.
  const looking = changing.filter((row) => row.includes('`s3:if-match` Null `false`'));
  expect(looking).toHaveLength(1);
  expect(looking[0]).toMatch(/^\| Initialize \| `s3:PutObject` \|/);
  expect(changing.filter((row) => !looking.includes(row) && (!row.startsWith('| Persist |') || row.includes('Delete')))).toEqual([]);
});

describe('the check itself', () => {
  test('notices another permission', () => {
    const changed = markdown.replace('`s3:DeleteObject`', '`s3:DeleteObject*`');

    expect(changed).not.toBe(markdown);
    expect(withPermissions(changed, synthesized)).toBe(markdown);
  });

  test('notices that the table has lost its place', () => {
    expect(() => withPermissions(markdown.replace('<!-- end of permissions -->', ''), synthesized)).toThrow('The table has no place');
  });
});

describe('a statement', () => {
  const names = new Map([['Cache1234', 'cache']]);
  const keys = (key: string): Properties => ({ 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Cache1234', 'Arn'] }, key]] });

  test('is shown with its actions, keys and conditions', () => {
    const condition = { StringLike: { 's3:prefix': ['a/*', 'b'] }, Bool: { 'aws:SecureTransport': 'true' } };

    expect(rowOf({ Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: [keys('/a/*'), keys('/b')], Condition: condition }, names)).toEqual({
      may: '`s3:GetObject`, `s3:PutObject`', on: '`cache/a/*`, `cache/b`',
      when: '`s3:prefix` StringLike `a/*`, `b` and `aws:SecureTransport` Bool `true`',
    });
  });

  test('that denies or excepts is shown as such', () => {
    expect(rowOf({ Effect: 'Deny', NotAction: 's3:GetObject', NotResource: keys('/a') }, names)).toEqual({
      may: '**not** anything but `s3:GetObject`', on: 'anything but `cache/a`', when: '',
    });
  });

  test.each([
    [{ 'Fn::GetAtt': 'Cache1234.Arn' }, 'cache'],
    [{ 'Fn::GetAtt': ['TableE5F1A2B3', 'Arn'] }, 'Table'],
    [{ Ref: 'AWS::Region' }, '<region>'],
    [{ 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }, 'AWS::StackId'],
    [{ 'Fn::ImportValue': 'Other:Export' }, '<Fn::ImportValue>'],
    ['*', '*'],
  ])('may have the expression %j', (expression, text) => {
    expect(textOf(expression, names)).toBe(text);
  });
});
