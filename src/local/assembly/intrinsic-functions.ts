import { AssemblyError } from './assembly-error';

/** What intrinsic functions need to know about their template. */
export interface Scope {
  resolve(value: unknown): unknown;
  ref(name: string): unknown;
  attribute(logicalId: string, attribute: string): unknown;
  condition(name: string): boolean;
  mapping(map: string, topLevelKey: string, secondLevelKey: string): unknown;
  exported(name: string): unknown;
  output(stackName: string, name: string): unknown;
}

/** @param argument unresolved, as in the template */
type IntrinsicFunction = (argument: unknown, scope: Scope) => unknown;

/** The CloudFormation functions that a local run supports, by their key in a template. */
export const INTRINSIC_FUNCTIONS: Readonly<Record<string, IntrinsicFunction>> = {
  'Ref': (name, scope) => scope.ref(String(name)),
  'Fn::GetAtt': (argument, scope) => {
    const [logicalId, ...attribute] = typeof argument === 'string' ? argument.split('.') : strings(argument, scope);
    return scope.attribute(logicalId!, attribute.join('.'));
  },
  'Fn::Join': (argument, scope) => {
    const [delimiter, parts] = list(argument);
    return strings(parts, scope).join(String(scope.resolve(delimiter)));
  },
  'Fn::Select': (argument, scope) => {
    const [index, values] = list(argument);
    return select(list(scope.resolve(values)), Number(scope.resolve(index)));
  },
  'Fn::Split': (argument, scope) => {
    const [delimiter, text] = strings(argument, scope);
    return text!.split(delimiter!);
  },
  'Fn::Sub': (argument, scope) => {
    const [text, variables = {}] = typeof argument === 'string' ? [argument] : list(argument);
    return substitute(String(text), variables as Record<string, unknown>, scope);
  },
  'Fn::Base64': (text, scope) => Buffer.from(String(scope.resolve(text))).toString('base64'),
  'Fn::FindInMap': (argument, scope) => {
    const [map, topLevelKey, secondLevelKey] = strings(argument, scope);
    return scope.mapping(map!, topLevelKey!, secondLevelKey!);
  },
  'Fn::ImportValue': (name, scope) => scope.exported(String(scope.resolve(name))),
  'Fn::GetStackOutput': (argument, scope) => {
    const { StackName, OutputName } = argument as Record<string, unknown>;
    return scope.output(String(scope.resolve(StackName)), String(scope.resolve(OutputName)));
  },
  'Fn::If': (argument, scope) => {
    const [condition, whenTrue, whenFalse] = list(argument);
    return scope.resolve(scope.condition(String(condition)) ? whenTrue : whenFalse);
  },
  'Condition': (name, scope) => scope.condition(String(name)),
  'Fn::Equals': (argument, scope) => {
    const [left, right] = strings(argument, scope);
    return left === right;
  },
  'Fn::Not': (argument, scope) => !scope.resolve(list(argument)[0]),
  'Fn::And': (argument, scope) => list(argument).every((condition) => scope.resolve(condition)),
  'Fn::Or': (argument, scope) => list(argument).some((condition) => scope.resolve(condition)),
};

function substitute(text: string, variables: Record<string, unknown>, scope: Scope): string {
  return text.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (name in variables) return String(scope.resolve(variables[name]));
    const [logicalId, ...attribute] = name.split('.');
    return String(attribute.length > 0 ? scope.attribute(logicalId!, attribute.join('.')) : scope.ref(name));
  });
}

function select(values: readonly unknown[], index: number): unknown {
  if (!(index in values)) throw new AssemblyError(`Fn::Select asks for element ${index} of a list of ${values.length}. Correct the template.`);
  return values[index];
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new AssemblyError(`${JSON.stringify(value)} was found where a list is required. Correct the template.`);
  return value;
}

function strings(value: unknown, scope: Scope): string[] {
  return list(scope.resolve(value)).map(String);
}
