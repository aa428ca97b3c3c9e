import { Properties } from '../construct/kit';

/** What a statement allows, or denies, in the words of the table. */
export interface PolicyRow {
  readonly may: string;
  readonly on: string;
  readonly when: string;
}

/** How resources are called, by logical id, or by ARN if they are not in the template. */
export type ResourceNames = ReadonlyMap<string, string>;

/** Hash that the CDK adds to a logical id. */
const ID_HASH = /[0-9A-F]{8}$/;

const PSEUDO_PARAMETERS = new Map([['AWS::Partition', 'aws'], ['AWS::Region', '<region>'], ['AWS::AccountId', '<account>']]);

export function rowOf(statement: Properties, names: ResourceNames): PolicyRow {
  const { Effect, Action, NotAction, Resource, NotResource, Condition } = statement;
  const actions = NotAction === undefined ? codes([Action].flat()) : `anything but ${codes([NotAction].flat())}`;
  const resources = textsOf(NotResource ?? Resource, names);
  return {
    may: Effect === 'Deny' ? `**not** ${actions}` : actions,
    on: NotResource === undefined ? codes(resources) : `anything but ${codes(resources)}`,
    when: Object.entries((Condition ?? {}) as Properties).flatMap(([operator, keys]) => conditionsOf(operator, keys as Properties, names)).join(' and '),
  };
}

function conditionsOf(operator: string, keys: Properties, names: ResourceNames): string[] {
  return Object.entries(keys).map(([key, values]) => `${codes([key])} ${operator} ${codes(textsOf(values, names))}`);
}

function textsOf(values: unknown, names: ResourceNames): string[] {
  return [values].flat().map((value) => textOf(value, names));
}

function codes(texts: readonly string[]): string {
  return texts.map((text) => `\`${text}\``).join(', ');
}

/** A CloudFormation expression as text: a resource by its name, and an expression that is not known by its function. */
export function textOf(expression: unknown, names: ResourceNames): string {
  if (typeof expression !== 'object' || expression === null) return names.get(String(expression)) ?? String(expression);
  const [[kind, operand] = ['nothing', undefined]] = Object.entries(expression);
  switch (kind) {
    case 'Ref': return PSEUDO_PARAMETERS.get(operand as string) ?? nameOf(operand as string, names);
    case 'Fn::GetAtt': return nameOf(([operand].flat()[0] as string).split('.')[0]!, names);
    case 'Fn::Join': return (operand[1] as unknown[]).map((part) => textOf(part, names)).join(operand[0] as string);
    // The name in an ARN, for one.
    case 'Fn::Select': return textOf(operand[1], names);
    case 'Fn::Split': return textOf(operand[1], names);
    default: return `<${kind}>`;
  }
}

function nameOf(logicalId: string, names: ResourceNames): string {
  return names.get(logicalId) ?? logicalId.replace(ID_HASH, '');
}
