/** Credentials of a Lambda function's role: the three variables that the service sets in every execution environment. */
export interface EnvironmentCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * The credential provider of the bundled functions, under the name that the SDK imports.
 *
 * The build replaces `@aws-sdk/credential-provider-node` with it. That one's chain (shared files, SSO, web identity, instance and container
 * metadata) finds nothing inside a Lambda function, but makes up a quarter of the bundle and of its load time.
 *
 * The variables are read when the SDK asks, not when the module loads, so that one process can serve functions with several roles.
 *
 * @throws Error if a variable is missing; the message names the variables and never their values.
 */
export function defaultProvider(): () => Promise<EnvironmentCredentials> {
  return async () => {
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = process.env;
    if (!accessKeyId || !secretAccessKey) {
      throw new Error(
        'No AWS credentials in the environment: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. ' +
        'AWS Lambda sets both for a function that has an execution role.',
      );
    }
    return { accessKeyId, secretAccessKey, sessionToken: sessionToken || undefined };
  };
}
