/** The payload of a failed invocation. `trace` is absent if Lambda's runtime did not create the error itself. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** Lambda's own names for failures. https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html */
export const LambdaErrorType = {
  CALLBACK_HANDLER: 'Runtime.CallbackHandlerDeprecated',
  EXIT: 'Runtime.ExitError',
  HANDLER_NOT_FOUND: 'Runtime.HandlerNotFound',
  IMPORT_MODULE: 'Runtime.ImportModuleError',
  MALFORMED_HANDLER: 'Runtime.MalformedHandlerName',
  OUT_OF_MEMORY: 'Runtime.OutOfMemory',
  RESPONSE_TOO_LARGE: 'Function.ResponseSizeTooLarge',
  STRINGIFY: 'Runtime.JSONStringifyError',
  SYNTAX: 'Runtime.UserCodeSyntaxError',
  TIMED_OUT: 'Sandbox.Timedout',
  UNHANDLED_REJECTION: 'Runtime.UnhandledPromiseRejection',
} as const;

/** What Lambda's Node.js runtime reports for a thrown value, error or not. */
export function functionErrorOf(thrown: unknown): FunctionError {
  try {
    if (!isError(thrown)) return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
    return { errorType: thrown.name, errorMessage: thrown.message, trace: thrown.stack?.split('\n') ?? [] };
  } catch {
    return { errorType: 'handled', errorMessage: 'The thrown value can be neither read as an error nor written as text.', trace: [] };
  }
}

/** An error whose type is one of Lambda's own. */
export function namedError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

/** By shape, since errors from another realm count too. */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}
