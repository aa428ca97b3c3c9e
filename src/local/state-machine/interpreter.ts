import { ExecutionError, StateMachine, StateMachineDefinition as InterpretedDefinition } from 'aws-local-stepfunctions';
import { InputFields, Json, OutputFields, State } from './definition';
import { CONTEXT_KEY } from './normalize';
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
  /** @param place what the state is and where it was entered, for causes */
  constructor(private readonly context: ContextObject, private readonly place: string) {}

  /** `InputPath`, then `Parameters`. */
  async effectiveInput({ InputPath, Parameters }: InputFields, input: Json): Promise<Json> {
    if (InputPath === undefined && Parameters === undefined) return input;
    return this.task(defined({ InputPath, Parameters }), input, (effective) => effective);
  }

  /** A payload template on its own. */
  async template(template: Json, input: Json): Promise<Json> {
    return this.effectiveInput({ Parameters: template }, input);
  }

  /** A path on its own. */
  async path(path: string, input: Json): Promise<Json> {
    return this.effectiveInput({ InputPath: path }, input);
  }

  /** `ResultSelector`, then `ResultPath` into the state's input, then `OutputPath`. */
  async output({ ResultSelector, ResultPath, OutputPath }: OutputFields, input: Json, result: Json): Promise<Json> {
    if (ResultSelector === undefined && ResultPath === undefined && OutputPath === undefined) return result;
    return this.task(defined({ ResultSelector, ResultPath, OutputPath }), input, () => result);
  }

  /** Where a Choice state goes, and with which output. */
  async choose(state: State, input: Json): Promise<{ next: string; output: Json }> {
    const { InputPath, OutputPath, Default } = state;
    const Choices = state.Choices!.map((rule) => ({ ...rule, Next: goto(rule.Next!) }));
    const targets = [...state.Choices!.map(({ Next }) => Next!), ...Default === undefined ? [] : [Default]];
    const States = {
      [STATE]: { ...defined({ InputPath, OutputPath, Default: Default && goto(Default) }), Type: 'Choice', Choices },
      ...Object.fromEntries(targets.map((next) => [goto(next), { Type: 'Pass', Parameters: { next, 'output.$': '$' }, End: true }])),
    };
    return await this.run(States, input, {}) as { next: string; output: Json };
  }

  private async task(fields: object, input: Json, work: (input: Json) => Json): Promise<Json> {
    return this.run({ [STATE]: { ...fields, Type: 'Task', Resource: STATE, End: true } }, input, { [STATE]: work });
  }

  private async run(States: object, input: Json, taskResourceLocalHandlers: Record<string, (input: Json) => Json>): Promise<Json> {
    const machine = new StateMachine({ StartAt: STATE, States } as InterpretedDefinition, { validationOptions: { noValidate: true } });
    try {
      return await machine.run(input, { context: { [CONTEXT_KEY]: this.context }, overrides: { taskResourceLocalHandlers } }).result;
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
