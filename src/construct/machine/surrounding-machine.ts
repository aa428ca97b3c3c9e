import { CfnResource } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, IConstruct } from 'constructs';
import { STATE_MACHINE_DEFINITION_BYTES } from '../../protocol/limits';
import { Graph, readDefinition, ReadDefinition, referenceText } from './machine-definition';

const EXPRESS = sfn.StateMachineType.EXPRESS;

/** The remedy that always works. */
const OR_START = 'or use PaginatedImportStateMachine, and start it from your machine with new tasks.StepFunctionsStartExecution(this, \'StartOrders\', '
  + '{ stateMachine: orders.stateMachine }).';

/**
 * Refuses, at synth, a surrounding machine that cannot run the import. AWS would refuse it at deployment, or end its executions.
 *
 * @param initialize the function of the import's first state, which identifies the import in a definition
 */
export function checkSurroundingMachines(paginatedImport: Construct, initialize: lambda.Function): void {
  paginatedImport.node.addValidation({
    validate: () => machinesOf(paginatedImport.node.root).flatMap((machine) => problemsIn(machine, initialize)),
  });
}

function machinesOf(root: IConstruct): sfn.CfnStateMachine[] {
  return root.node.findAll().filter((node) => CfnResource.isCfnResource(node)
    && node.cfnResourceType === sfn.CfnStateMachine.CFN_RESOURCE_TYPE_NAME) as sfn.CfnStateMachine[];
}

/** Cached because each import reads all definitions. They do not change if an app is synthesized several times. */
const definitions = new WeakMap<sfn.CfnStateMachine, ReadDefinition | undefined>();

function definitionOf(machine: sfn.CfnStateMachine): ReadDefinition | undefined {
  if (!definitions.has(machine)) definitions.set(machine, readDefinition(machine));
  return definitions.get(machine);
}

function problemsIn(machine: sfn.CfnStateMachine, initialize: lambda.Function): string[] {
  const read = definitionOf(machine);
  if (read === undefined) return [];
  const places = [...placesOf(referenceText(machine, initialize.functionArn), read.definition)];
  if (places.length === 0) return [];
  const where = `The import is part of the state machine ${machine.node.path.replace(/\/Resource$/, '')}`;
  return [...languageProblems(read), ...typeProblems(machine), ...mapProblems(places), ...sizeProblems(read)].map((problem) => `${where}, ${problem}`);
}

function languageProblems({ definition }: ReadDefinition): string[] {
  return definition.QueryLanguage !== sfn.QueryLanguage.JSONATA ? [] : ['whose query language is JSONata. The states of the import are written in '
    + 'JSONPath, which Step Functions refuses in such a machine. Leave queryLanguage out of the machine and give it to the states that need it, as '
    + `sfn.Pass.jsonata does; ${OR_START}`];
}

function typeProblems({ stateMachineType }: sfn.CfnStateMachine): string[] {
  return stateMachineType !== EXPRESS ? [] : ['which is EXPRESS. Step Functions ends executions of such a machine after 5 minutes, and refuses a state '
    + `that waits for another execution, as ContinueInChild does. Make the machine STANDARD; ${OR_START}`];
}

function mapProblems(places: readonly Place[]): string[] {
  return !places.some(({ isExpress }) => isExpress) ? [] : ['in a Map whose items are EXPRESS executions. Step Functions ends such executions after '
    + '5 minutes, and refuses a state that waits for another execution, as ContinueInChild does. Make them STANDARD, by mapExecutionType or '
    + `executionType; ${OR_START}`];
}

function sizeProblems({ bytes }: ReadDefinition): string[] {
  return bytes <= STATE_MACHINE_DEFINITION_BYTES ? [] : [`whose definition has ${bytes} bytes, more than the ${STATE_MACHINE_DEFINITION_BYTES} that Step `
    + 'Functions takes. Give its CSVs fewer columns or none, or spread the imports over several machines.'];
}

/** An import's place in a machine. */
interface Place {
  /** Whether it is in a Map whose items are Express executions. */
  readonly isExpress: boolean;
}

/** The states that invoke a function, including those in branches and Maps. */
function* placesOf(functionName: string, graph: Graph, isExpress = false): Generator<Place> {
  for (const { Parameters, Arguments, Branches = [], ItemProcessor, Iterator } of Object.values(graph.States ?? {})) {
    if ((Parameters ?? Arguments)?.FunctionName === functionName) yield { isExpress };
    for (const branch of Branches) yield* placesOf(functionName, branch, isExpress);
    const each = ItemProcessor ?? Iterator;
    if (each !== undefined) yield* placesOf(functionName, each, isExpress || each.ProcessorConfig?.ExecutionType === EXPRESS);
  }
}
