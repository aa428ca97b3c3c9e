import { UsageError } from './usage-error';

/** The run sets these, to point the import at its own S3 server and to imitate Lambda. Changing them would break that. */
const OF_THE_RUN = /^(AWS_ENDPOINT_URL_(S3|LAMBDA)|AWS_IGNORE_CONFIGURED_ENDPOINT_URLS|AWS_LAMBDA_.*|AWS_EXECUTION_ENV|PAGINATED_IMPORT_.*|LAMBDA_TASK_ROOT|_HANDLER)$/;

/** Only passed on when requested: AWS's would point the source at the user's account, and NODE_OPTIONS is for this process. */
const WITHHELD = /^(AWS_|NODE_OPTIONS$)/;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The environment variables that the source sees in addition to Lambda's.
 *
 * @param asked `NAME`, to pass on a variable of this process, or `NAME=value`
 * @param own variables of this process
 * @throws UsageError; its message contains no value
 */
export function sourceEnvironment(asked: readonly string[], own: Variables): Record<string, string> {
  const passed = Object.entries(own).filter(([name]) => !WITHHELD.test(name) && !OF_THE_RUN.test(name));
  const wanted = Object.fromEntries(asked.map((text) => variable(text, own)));
  return { ...Object.fromEntries(passed) as Record<string, string>, ...withoutLocalSession(wanted), ...wanted };
}

function variable(text: string, own: Variables): readonly [string, string] {
  const [, name = '', given] = /^([^=]*)(?:=([\s\S]*))?$/.exec(text)!;
  if (!NAME.test(name)) throw new UsageError('--env has no variable name; write --env NAME or --env NAME=value');
  if (OF_THE_RUN.test(name)) throw new UsageError(`--env ${name}: the run itself sets this variable; leave it out`);
  const value = given ?? own[name];
  if (value === undefined) throw new UsageError(`--env ${name}: the variable is not set in this shell; set it, or write --env ${name}=value`);
  return [name, value];
}

/** The user's own keys do not work with the fake session token of the local Lambda function. */
function withoutLocalSession(wanted: Readonly<Record<string, string>>): Record<string, string> {
  return 'AWS_ACCESS_KEY_ID' in wanted ? { AWS_SESSION_TOKEN: '' } : {};
}
