import { Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LAMBDA_ENVIRONMENT_BYTES } from '../../protocol/limits';

/**
 * Refuses, when the app is synthesized, a fetch function with more environment variables than Lambda takes. Of references only the names of
 * the variables count: how long a value is turns out at deployment.
 */
export function checkEnvironmentSize(fn: lambda.Function): void {
  fn.node.addValidation({
    validate: () => {
      const bytes = sizeOf(variablesOf(fn));
      return bytes <= LAMBDA_ENVIRONMENT_BYTES ? [] : [`The environment variables of the fetch function have ${bytes} bytes, and Lambda allows `
        + `${LAMBDA_ENVIRONMENT_BYTES}. Write fewer or shorter ones into fetchFunction.environment, or keep what is long in SSM Parameter Store and read it there.`];
    },
  });
}

interface Variables {
  readonly [name: string]: unknown;
}

function variablesOf(fn: lambda.Function): Variables {
  const { environment } = fn.node.defaultChild as lambda.CfnFunction;
  return (Stack.of(fn).resolve(environment) as { readonly variables?: Variables } | undefined)?.variables ?? {};
}

function sizeOf(variables: Variables): number {
  const texts = Object.entries(variables).flatMap(([name, value]) => [name, typeof value === 'string' ? value : '']);
  return new TextEncoder().encode(texts.join('')).length;
}
