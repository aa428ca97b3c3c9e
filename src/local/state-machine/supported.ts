import { State, StateGraph, StateMachineDefinition } from './definition';
import { DefinitionError } from './definition-error';
import { allStates } from './normalize';

const DISTRIBUTED_MAP_FIELDS = ['ItemReader', 'ItemBatcher', 'ResultWriter', 'ToleratedFailureCount', 'ToleratedFailurePercentage'];

/** @throws DefinitionError if a definition uses something that cannot run here, before anything runs */
export function requireSupported(definition: StateMachineDefinition): void {
  requireJsonPath('The definition', definition);
  allStates(definition).forEach(([name, state]) => requireSupportedState(name, state));
}

function requireSupportedState(name: string, state: State): void {
  requireJsonPath(`State ${name}`, state as { QueryLanguage?: string });
  if ('Assign' in state) throw new DefinitionError(`State ${name} assigns variables, which cannot run here. Put the values into its output.`);
  const distributed = state.ItemProcessor?.ProcessorConfig?.Mode === 'DISTRIBUTED' || DISTRIBUTED_MAP_FIELDS.some((field) => field in state);
  if (distributed) throw new DefinitionError(`State ${name} is a distributed Map, which cannot run here. Use an inline Map for local runs.`);
}

function requireJsonPath(what: string, { QueryLanguage }: Pick<StateGraph, 'QueryLanguage'>): void {
  if (QueryLanguage === undefined || QueryLanguage === 'JSONPath') return;
  throw new DefinitionError(`${what} uses ${QueryLanguage}; only JSONPath runs here. Use JSONPath.`);
}
