import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { functionOf, importStack, ImportStack, logicalIdOf, Properties, statementsOfRole, StepName } from '../construct/kit';
import { PolicyRow, ResourceNames, rowOf, textOf } from './policy-rows';

/** The table in docs/security.md of who may do what, made from the policies of a synthesized import. */

export const SECURITY_DOCS = join(__dirname, '../../docs/security.md');

const BEGIN = '<!-- permissions: `tsx test/docs/write-permission-docs.ts` writes this table -->';
const END = '<!-- end of permissions -->';

const STEPS: readonly StepName[] = ['Initialize', 'Fetch', 'Summarize', 'Persist', 'CleanUp'];

export function readSecurityDocs(): string {
  return readFileSync(SECURITY_DOCS, 'utf8');
}

/** The document with the table of the code. @throws if it has no place for the table */
export function withPermissions(markdown: string, synthesized: ImportStack = synthesizedImport()): string {
  const [begin, end] = [markdown.indexOf(BEGIN), markdown.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`The table has no place: write a line ${BEGIN}, and below it a line ${END}.`);
  return `${markdown.slice(0, begin + BEGIN.length)}\n\n${permissionTable(synthesized)}\n\n${markdown.slice(end)}`;
}

/** An import with every step. */
export function synthesizedImport(): ImportStack {
  return importStack((stack) => ({ beforePersist: new sfn.Pass(stack, 'Check') }));
}

/** One row per statement. Roles with the same statement share its row. */
export function permissionTable(synthesized: ImportStack): string {
  const roles = new Map<string, string[]>();
  for (const [role, row] of [...rowsOfRoles(synthesized), ...rowsOfBuckets(synthesized)]) {
    const text = `${row.may} | ${row.on} | ${row.when}`;
    roles.set(text, [...new Set([...roles.get(text) ?? [], role])]);
  }
  const lines = [...roles].map(([text, names]) => `| ${names.join(', ')} | ${text} |`.replaceAll(/ +\|/g, ' |'));
  return ['| who | may | on | if |', '|---|---|---|---|', ...lines].join('\n');
}

/** In the order of the steps; what is not known comes last. */
function rowsOfRoles({ template, orders, stack }: ImportStack): [string, PolicyRow][] {
  const names = namesOf({ template, orders, stack });
  const ids = Object.keys(template.findResources('AWS::IAM::Role'));
  const known = [...names.keys()].filter((id) => ids.includes(id));
  return [...known, ...ids.filter((id) => !known.includes(id))].flatMap((id) => {
    const role = textOf({ Ref: id }, names);
    return statementsOfRole(template, id).map((statement): [string, PolicyRow] => [role, rowOf(statement, names)]);
  });
}

/** Of the cache alone: the destination is the user's. */
function rowsOfBuckets(synthesized: ImportStack): [string, PolicyRow][] {
  const names = namesOf(synthesized);
  const cache = logicalIdOf(synthesized.orders.cacheBucket);
  const policies = Object.values(synthesized.template.findResources('AWS::S3::BucketPolicy')) as Properties[];
  return policies.filter(({ Properties: { Bucket } }) => Bucket.Ref === cache)
    .flatMap(({ Properties: { PolicyDocument } }) => PolicyDocument.Statement as Properties[])
    .map((statement) => [principalOf(statement, names), rowOf(statement, names)]);
}

function principalOf({ Principal }: Properties, names: ResourceNames): string {
  const principals = typeof Principal === 'object' ? Object.values(Principal as Properties).flat() : [Principal];
  return principals.map((principal) => (principal === '*' ? 'anyone' : textOf(principal, names))).join(', ');
}

function namesOf({ orders, stack }: ImportStack): ResourceNames {
  const { paginatedImport, stateMachine, cacheBucket } = orders;
  const { continuationStateMachine: child } = paginatedImport;
  return new Map([
    ...STEPS.map((step): [string, string] => [logicalIdOf(functionOf(paginatedImport, step).role!), step]),
    [logicalIdOf(stateMachine.role), 'state machine'],
    [logicalIdOf(child.role), 'child machine'],
    ...STEPS.map((step): [string, string] => [logicalIdOf(functionOf(paginatedImport, step)), step]),
    [logicalIdOf(stateMachine), 'state machine'],
    [logicalIdOf(child), 'child machine'],
    [logicalIdOf(cacheBucket), 'cache'],
    [logicalIdOf(stack.bucket), 'destination'],
    [stack.handler.functionArn, 'your function'],
    [logicalIdOf(paginatedImport.node.findChild('Functions').node.findChild('Logs')), 'log group of the functions'],
  ]);
}
