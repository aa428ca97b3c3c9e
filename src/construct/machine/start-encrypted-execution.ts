import * as iam from 'aws-cdk-lib/aws-iam';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';

/** A task whose machine, which may be the user's, gets more permissions than CDK knows of: to wait for an execution is to read it. */
export class StartEncryptedExecution extends tasks.StepFunctionsStartExecution {
  constructor(
    scope: Construct,
    id: string,
    props: tasks.StepFunctionsStartExecutionProps,
    private readonly permissions: readonly iam.PolicyStatement[],
  ) {
    super(scope, id, props);
  }

  protected whenBoundToGraph(graph: sfn.StateGraph): void {
    super.whenBoundToGraph(graph);
    this.permissions.forEach((statement) => graph.registerPolicyStatement(statement));
  }
}
