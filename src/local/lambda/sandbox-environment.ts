import { FunctionDefinition } from './function-definition';

/** Variables of this process that a sandbox needs to run at all. Others are withheld, above all the developer's credentials. */
const PASSED_ON = ['PATH', 'Path', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR'];

/**
 * The environment of a function: what Lambda sets, then the function's own variables.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 *
 * @param endpoints endpoints of AWS services, as environment variables
 */
export function sandboxEnvironment(
  definition: FunctionDefinition, directory: string, logStream: string, endpoints: Readonly<Record<string, string>>,
): Record<string, string> {
  const passedOn = PASSED_ON.filter((name) => process.env[name] !== undefined).map((name): [string, string] => [name, process.env[name]!]);
  return {
    ...Object.fromEntries(passedOn),
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    LAMBDA_TASK_ROOT: directory,
    _HANDLER: definition.handler,
    AWS_EXECUTION_ENV: `AWS_Lambda_${definition.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMegabytes),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${definition.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_REGION: definition.region,
    AWS_DEFAULT_REGION: definition.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    ...endpoints,
    ...definition.environment,
  };
}
