import * as path from 'node:path';
import { App, CfnElement, Stack, StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct, IConstruct } from 'constructs';
import { FetchPageHandler, ImportDestination, PaginatedImport, PaginatedImportProps, PaginatedImportStateMachine } from '../../src';

/** Folder of the modules that the tests deploy. */
export const FIXTURES = path.join(__dirname, 'fixtures');

/** A stack with what an import needs, and nothing else. */
export class TestStack extends Stack {
  public readonly bucket = new s3.Bucket(this, 'Destination', { enforceSSL: true, serverAccessLogsPrefix: 'access-logs/' });
  public readonly handler = lambda.Function.fromFunctionAttributes(this, 'Handler', {
    functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:orders',
    sameEnvironment: true,
  });

  constructor(scope: Construct = new App(), id = 'Stack', stackProps: StackProps = {}) {
    super(scope, id, stackProps);
  }

  /** Props of an import, with the fastest handler to synthesize. */
  public props(props: Partial<PaginatedImportProps> = {}): PaginatedImportProps {
    return {
      fetchPage: FetchPageHandler.fromFunction(this.handler),
      pageSize: 25,
      destination: ImportDestination.toBucket(this.bucket, { key: 'orders/{date}/{importId}.jsonl' }),
      ...props,
    };
  }
}

/** A stack with one import as a state machine. */
export function importStack(props: (stack: TestStack) => Partial<PaginatedImportProps> = () => ({})): ImportStack {
  const stack = new TestStack();
  const orders = new PaginatedImportStateMachine(stack, 'Orders', stack.props(props(stack)));
  return { stack, orders, template: Template.fromStack(stack) };
}

export interface ImportStack {
  readonly stack: TestStack;
  readonly orders: PaginatedImportStateMachine;
  readonly template: Template;
}

/** Logical id of a construct's resource. */
export function logicalIdOf(construct: IConstruct): string {
  const stack = Stack.of(construct);
  const element = construct.node.defaultChild as CfnElement;
  return stack.resolve(element.logicalId) as string;
}

/** Properties of a construct's resource, as they stand in the template. */
export function propertiesOf(template: Template, construct: IConstruct): Properties {
  return template.toJSON().Resources[logicalIdOf(construct)].Properties;
}

export type Properties = { readonly [name: string]: any };

export type StepName = 'Initialize' | 'Fetch' | 'Summarize' | 'Persist' | 'CleanUp';

/** The function of a step. */
export function functionOf(paginatedImport: PaginatedImport, step: StepName): lambda.Function {
  return paginatedImport.node.findChild('Functions').node.findChild(step).node.findChild('Function') as lambda.Function;
}

/** Environment of a step's function. */
export function environmentOf({ template, orders }: ImportStack, step: StepName): { readonly [name: string]: unknown } {
  return propertiesOf(template, functionOf(orders.paginatedImport, step)).Environment.Variables;
}

/** A machine's definition, with ARNs of the right shape in place of references. */
export function definitionOf(template: Template, machine: IConstruct): Definition {
  const { DefinitionString: text } = propertiesOf(template, machine);
  const parts: unknown[] = typeof text === 'string' ? [text] : text['Fn::Join'][1];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : arnOf(part as Properties))).join(''));
}

export interface Definition {
  readonly StartAt: string;
  readonly States: { readonly [name: string]: Properties };
  readonly [field: string]: any;
}

function arnOf(reference: Properties): string {
  if (reference.Ref === 'AWS::Partition') return 'aws';
  if (reference.Ref !== undefined) return `arn:aws:states:eu-west-1:123456789012:stateMachine:${reference.Ref}`;
  return `arn:aws:lambda:eu-west-1:123456789012:function:${reference['Fn::GetAtt'][0]}`;
}

/** The statements of a role's policies. */
export function statementsOf(template: Template, role: IConstruct): Properties[] {
  return statementsOfRole(template, logicalIdOf(role));
}

/** The statements of a role, by its logical id: those that it holds itself, and those of the policies beside it. */
export function statementsOfRole(template: Template, logicalId: string): Properties[] {
  const { Properties: { Policies: own = [] } } = template.toJSON().Resources[logicalId];
  const policies = Object.values(template.findResources('AWS::IAM::Policy')) as Properties[];
  const beside = policies.filter(({ Properties: { Roles } }) => Roles.some((role: Properties) => role.Ref === logicalId));
  return [...own, ...beside.map(({ Properties: policy }) => policy)].flatMap(({ PolicyDocument }: Properties) => PolicyDocument.Statement);
}

/** A CloudFormation expression in one line: references as `<LogicalId>`, joined parts one after another. */
export function flat(expression: any): any {
  if (Array.isArray(expression)) return expression.map(flat);
  if (typeof expression !== 'object') return expression;
  if (expression.Ref !== undefined) return `<${expression.Ref}>`;
  if (expression['Fn::GetAtt'] !== undefined) return `<${expression['Fn::GetAtt'][0]}>`;
  if (expression['Fn::Select'] !== undefined) return flat(expression['Fn::Select'][1]['Fn::Split'][1]);
  return expression['Fn::Join'][1].map(flat).join(expression['Fn::Join'][0]);
}
