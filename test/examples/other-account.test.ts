import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../scripts/paths.mts';
import { Properties } from '../construct/kit';

/** What the example's other account allows, against the policies in the document, which a test compares with the import's roles. */

const folder = mkdtempSync(join(tmpdir(), 'other-account-'));
beforeAll(() => {
  execFileSync(join(ROOT, 'node_modules', '.bin', 'tsx'), ['app.ts'], {
    cwd: join(ROOT, 'examples', 'other-account'), env: { ...process.env, CDK_OUTDIR: folder }, stdio: 'pipe',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DOCUMENT = readFileSync(join(ROOT, 'docs/company-policies.md'), 'utf8');

function policyIn(name: string): Properties[] {
  return JSON.parse(new RegExp(`^\`\`\`json ${name}\\n([^]*?)^\`\`\``, 'm').exec(DOCUMENT)![1]!) as Properties[];
}

function resourceOf(type: string): Properties {
  const { Resources } = JSON.parse(readFileSync(join(folder, 'Data.template.json'), 'utf8')) as { Resources: Record<string, Properties> };
  return Object.values(Resources).find(({ Type }) => Type === type)!.Properties as Properties;
}

function shapeOf({ Effect, Action, Condition }: Properties): Properties {
  return { Effect, Action, Condition };
}

/** Statements for the account of the import. */
function forImports(statements: readonly Properties[]): Properties[] {
  return statements.filter(({ Principal }) => JSON.stringify(Principal).includes('111122223333')).map(shapeOf);
}

test.each([
  ['bucket-policy', 'AWS::S3::BucketPolicy', 'PolicyDocument'],
  ['key-policy', 'AWS::KMS::Key', 'KeyPolicy'],
])('its %s is the one in the document', (name, type, field) => {
  expect(forImports(resourceOf(type)[field].Statement as Properties[])).toEqual(policyIn(name).map(shapeOf));
});
