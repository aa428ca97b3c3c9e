import { ExecutionError, StateMachine, StateMachineDefinition as InterpretedDefinition } from 'aws-local-stepfunctions';
import { JsonValue } from '../../protocol/json';
import { InputFields, OutputFields, State } from './definition';
import { CONTEXT_KEY } from './normalize';
import { isFalsy, isRoot, ROOT_KEY, rooted } from './root-path';
import { StateError, StatesErrorName } from './state-error';

/**
 * Uses the library `aws-local-stepfunctions` for paths, payload templates, intrinsic functions and choice rules, one state at a time.
 * Everything between the states is ours, since the library has no quotas and shares one context among branches.
 */

/** The context object, `$$`. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
export type ContextObject = Readonly<Record<string, unknown>>;

const STATE = 'State';

/** Reads the paths, templates and rules of one state. All methods throw StateError. */
export class Interpreter {
  /**
   * @param place the state and where it was entered, for error causes
   * @param others values next to the context object
   */
  constructor(private readonly context: ContextObject, private readonly place: string, private readonly others: ContextObject = {}) {}

  /** `InputPath`, then `Parameters`. */
  async effectiveInput({ InputPath, Parameters }: InputFields, input: JsonValue): Promise<JsonValue> {
    const selected = isRoot(InputPath) ? input : await this.task({ InputPath }, input, (effective) => effective);
    return Parameters === undefined ? selected : this.template(Parameters, selected);
  }

  /** A payload template on its own. */
  async template(template: JsonValue, input: JsonValue): Promise<JsonValue> {
    return this.withRoot(input).task({ Parameters: rooted(template, input) }, input, (effective) => effective);
  }

  /** A path on its own. */
  async path(path: string, input: JsonValue): Promise<JsonValue> {
    return this.effectiveInput({ InputPath: path }, input);
  }

  /** `ResultSelector`, then `ResultPath` into the state's input, then `OutputPath`. */
  async output({ ResultSelector, ResultPath, OutputPath }: OutputFields, input: JsonValue, result: JsonValue): Promise<JsonValue> {
    const selected = ResultSelector === undefined ? result : await this.template(ResultSelector, result);
    const fields = defined({ ResultPath, OutputPath: isRoot(OutputPath) ? undefined : OutputPath });
    return Object.keys(fields).length === 0 ? selected : this.task(fields, input, () => selected);
  }

  /** The next state of a Choice state, and its output. */
  async choose({ InputPath, OutputPath, Choices, Default }: State, input: JsonValue): Promise<{ next: string; output: JsonValue }> {
    const effective = await this.effectiveInput({ InputPath }, input);
    const rules = rooted(Choices!.map((rule) => ({ ...rule, Next: goto(rule.Next!) })), effective, ['Variable']);
    const targets = [...Choices!.map(({ Next }) => Next!), ...Default === undefined ? [] : [Default]];
    const States = {
      [STATE]: { ...defined({ Default: Default && goto(Default) }), Type: 'Choice', Choices: rules },
      ...Object.fromEntries(targets.map((next) => [goto(next), { Type: 'Pass', Parameters: { next }, End: true }])),
    };
    const { next } = await this.withRoot(effective).run(States, effective, {}) as { next: string };
    return { next, output: await this.output({ OutputPath }, input, effective) };
  }

  private withRoot(root: JsonValue): Interpreter {
    return isFalsy(root) ? new Interpreter(this.context, this.place, { [ROOT_KEY]: root }) : this;
  }

  private async task(fields: object, input: JsonValue, work: (input: JsonValue) => JsonValue): Promise<JsonValue> {
    return this.run({ [STATE]: { ...fields, Type: 'Task', Resource: STATE, End: true } }, input, { [STATE]: work });
  }

  private async run(
    States: object, input: JsonValue, taskResourceLocalHandlers: Record<string, (input: JsonValue) => JsonValue>,
  ): Promise<JsonValue> {
    const machine = new StateMachine({ StartAt: STATE, States } as InterpretedDefinition, { validationOptions: { noValidate: true } });
    const context = { [CONTEXT_KEY]: this.context, ...this.others };
    try {
      return await machine.run(input, { context, overrides: { taskResourceLocalHandlers } }).result;
    } catch (error) {
      throw this.stateErrorOf(error instanceof ExecutionError ? error.cause as Error : error as Error);
    }
  }

  /** Errors that are not part of the States Language are defects of the definition, such as a wrong argument of an intrinsic function. */
  private stateErrorOf({ name, message }: Error): StateError {
    const error = name.startsWith('States.') ? name : StatesErrorName.RUNTIME;
    return new StateError(error, `An error occurred while executing ${this.place}. ${message}`);
  }
}

/** The name of the placeholder for a state that a Choice leads to. */
function goto(name: string): string {
  return `to ${name}`;
}

function defined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
