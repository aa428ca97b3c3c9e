import { Stack } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';

/** A state machine's definition as AWS receives it. */
export interface MachineDefinition extends Graph {
  readonly QueryLanguage?: string;
}

/** The states of a machine, a branch or a Map's item processor. */
export interface Graph {
  readonly States?: { readonly [name: string]: State };
  readonly ProcessorConfig?: { readonly ExecutionType?: string };
}

export interface State {
  readonly Parameters?: { readonly FunctionName?: unknown };
  /** CDK writes the parameters here in a JSONata machine. */
  readonly Arguments?: { readonly FunctionName?: unknown };
  readonly Branches?: readonly Graph[];
  readonly ItemProcessor?: Graph;
  /** The older name of ItemProcessor. */
  readonly Iterator?: Graph;
}

export interface ReadDefinition {
  readonly definition: MachineDefinition;
  /** Its approximate size: resolved references may be longer or shorter. */
  readonly bytes: number;
}

/**
 * Reads a machine's definition, which is complete at synth and shows everything that CDK and the user added. A state does not know which
 * machine it belongs to.
 *
 * @returns `undefined` if it is a file or not JSON
 */
export function readDefinition(machine: sfn.CfnStateMachine): ReadDefinition | undefined {
  const text = textOf(Stack.of(machine).resolve(machine.definitionString));
  try {
    return { definition: JSON.parse(text) as MachineDefinition, bytes: new TextEncoder().encode(text).length };
  } catch {
    return undefined;
  }
}

/** A reference as it appears in the text of a definition. */
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

/** A reference inside a string appears as its own JSON. Elsewhere it is a number or an object, which nothing here needs. */
function placeholder(reference: unknown, isInString: boolean): string {
  return isInString ? JSON.stringify(JSON.stringify(reference)).slice(1, -1) : 'null';
}

/** The number of quotation marks that begin or end a string. */
function quotesIn(json: string): number {
  return (json.match(/\\.|"/gs) ?? []).filter((match) => match === '"').length;
}
