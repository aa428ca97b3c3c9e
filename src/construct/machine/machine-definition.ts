import { Stack } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';

/** A state machine's definition as AWS gets it. */
export interface MachineDefinition extends Graph {
  readonly QueryLanguage?: string;
}

/** The states of a machine, of a branch, or of what a Map does with an item. */
export interface Graph {
  readonly States?: { readonly [name: string]: State };
  readonly ProcessorConfig?: { readonly ExecutionType?: string };
}

export interface State {
  readonly Parameters?: { readonly FunctionName?: unknown };
  /** As CDK writes the parameters in a machine of JSONata. */
  readonly Arguments?: { readonly FunctionName?: unknown };
  readonly Branches?: readonly Graph[];
  readonly ItemProcessor?: Graph;
  /** What ItemProcessor was called before. */
  readonly Iterator?: Graph;
}

/** The definition with its text. */
export interface ReadDefinition {
  readonly definition: MachineDefinition;
  /** Its size, about: references are longer or shorter when they are resolved. */
  readonly bytes: number;
}

/**
 * Reads a machine's definition, which is complete when the app is synthesized. It shows all that CDK and the user have made of it. A state
 * does not know the machine that it is part of.
 *
 * @returns `undefined` for one that is a file, or no JSON
 */
export function readDefinition(machine: sfn.CfnStateMachine): ReadDefinition | undefined {
  const text = textOf(Stack.of(machine).resolve(machine.definitionString));
  try {
    return { definition: JSON.parse(text) as MachineDefinition, bytes: new TextEncoder().encode(text).length };
  } catch {
    return undefined;
  }
}

/** A reference as it stands in the text of a definition that was read. */
export function referenceText(machine: sfn.CfnStateMachine, value: unknown): string {
  return JSON.stringify(Stack.of(machine).resolve(value));
}

/** A string, or a CloudFormation expression that joins pieces of JSON and references. */
function textOf(expression: unknown): string {
  if (typeof expression === 'string') return expression;
  const [, pieces] = (expression as JoinExpression | undefined)?.['Fn::Join'] ?? ['', []];
  let text = '';
  let isInString = false;
  for (const piece of pieces) {
    text += typeof piece === 'string' ? piece : placeholder(piece, isInString);
    if (typeof piece === 'string' && quotesIn(piece) % 2 === 1) isInString = !isInString;
  }
  return text;
}

interface JoinExpression {
  readonly 'Fn::Join'?: readonly [string, readonly unknown[]];
}

/** A reference in a string stands there as its own JSON; elsewhere it is a number or an object, which nothing here asks for. */
function placeholder(reference: unknown, isInString: boolean): string {
  return isInString ? JSON.stringify(JSON.stringify(reference)).slice(1, -1) : 'null';
}

/** Quotation marks that begin or end a string. */
function quotesIn(json: string): number {
  return (json.match(/\\.|"/gs) ?? []).filter((match) => match === '"').length;
}
