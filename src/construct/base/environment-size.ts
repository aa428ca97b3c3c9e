import { Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LAMBDA_ENVIRONMENT_BYTES } from '../../protocol/limits';

/**
 * Refuses, at synth, a fetch function whose environment exceeds Lambda's limit. For values that are references, only the names count: the
 * values are known at deployment.
 */
export function checkEnvironmentSize(fn: lambda.Function): void {
  fn.node.addValidation({
    validate: () => {
      const bytes = sizeOf(variablesOf(fn));
      return bytes <= LAMBDA_ENVIRONMENT_BYTES ? [] : [`The environment variables of the fetch function have ${bytes} bytes, and Lambda allows `
        + `${LAMBDA_ENVIRONMENT_BYTES}. Put fewer or shorter ones in fetchFunction.environment, or keep long values in SSM Parameter Store.`];
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
