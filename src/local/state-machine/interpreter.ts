import { ExecutionError, StateMachine, StateMachineDefinition as InterpretedDefinition } from 'aws-local-stepfunctions';
import { InputFields, Json, OutputFields, State } from './definition';
import { CONTEXT_KEY } from './normalize';
import { isFalsy, isRoot, ROOT_KEY, rooted } from './root-path';
import { StateError, StatesErrorName } from './state-error';

/**
 * What the library `aws-local-stepfunctions` does here: paths, payload templates, intrinsic functions and choice rules, one
 * state at a time. Everything between the states is ours, since the library has no quotas and shares one context among branches.
 */

/** The context object, `$$`. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
export type ContextObject = Readonly<Record<string, unknown>>;

const STATE = 'State';

/** Reads the paths, templates and rules of one state. All methods throw StateError. */
export class Interpreter {
  /**
   * @param place what the state is and where it was entered, for causes
   * @param others what stands beside the context object
   */
  constructor(private readonly context: ContextObject, private readonly place: string, private readonly others: ContextObject = {}) {}

  /** `InputPath`, then `Parameters`. */
  async effectiveInput({ InputPath, Parameters }: InputFields, input: Json): Promise<Json> {
    const selected = isRoot(InputPath) ? input : await this.task({ InputPath }, input, (effective) => effective);
    return Parameters === undefined ? selected : this.template(Parameters, selected);
  }

  /** A payload template on its own. */
  async template(template: Json, input: Json): Promise<Json> {
    return this.withRoot(input).task({ Parameters: rooted(template, input) }, input, (effective) => effective);
  }

  /** A path on its own. */
  async path(path: string, input: Json): Promise<Json> {
    return this.effectiveInput({ InputPath: path }, input);
  }

  /** `ResultSelector`, then `ResultPath` into the state's input, then `OutputPath`. */
  async output({ ResultSelector, ResultPath, OutputPath }: OutputFields, input: Json, result: Json): Promise<Json> {
    const selected = ResultSelector === undefined ? result : await this.template(ResultSelector, result);
    const fields = defined({ ResultPath, OutputPath: isRoot(OutputPath) ? undefined : OutputPath });
    return Object.keys(fields).length === 0 ? selected : this.task(fields, input, () => selected);
  }

  /** Where a Choice state goes, and with which output. */
  async choose({ InputPath, OutputPath, Choices, Default }: State, input: Json): Promise<{ next: string; output: Json }> {
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

  private withRoot(root: Json): Interpreter {
    return isFalsy(root) ? new Interpreter(this.context, this.place, { [ROOT_KEY]: root }) : this;
  }

  private async task(fields: object, input: Json, work: (input: Json) => Json): Promise<Json> {
    return this.run({ [STATE]: { ...fields, Type: 'Task', Resource: STATE, End: true } }, input, { [STATE]: work });
  }

  private async run(States: object, input: Json, taskResourceLocalHandlers: Record<string, (input: Json) => Json>): Promise<Json> {
    const machine = new StateMachine({ StartAt: STATE, States } as InterpretedDefinition, { validationOptions: { noValidate: true } });
    const context = { [CONTEXT_KEY]: this.context, ...this.others };
    try {
      return await machine.run(input, { context, overrides: { taskResourceLocalHandlers } }).result;
    } catch (error) {
      throw this.stateErrorOf(error instanceof ExecutionError ? error.cause as Error : error as Error);
    }
  }

  /** What is no error of the States Language is a defect of the definition: a wrong argument of an intrinsic function, say. */
  private stateErrorOf({ name, message }: Error): StateError {
    const error = name.startsWith('States.') ? name : StatesErrorName.RUNTIME;
    return new StateError(error, `An error occurred while executing ${this.place}. ${message}`);
  }
}

/** The name of what stands in for a state that a Choice leads to. */
function goto(name: string): string {
  return `to ${name}`;
}

function defined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
