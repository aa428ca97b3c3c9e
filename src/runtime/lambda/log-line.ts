/** Levels as `console` and Lambda name them. */
export enum LogLevel {
  INFO = 'info',
  WARN = 'warn',
  ERROR = 'error',
}

/**
 * Writes a line of JSON to the function's log. If the log format is JSON, Lambda serializes an object itself, and would quote a string.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 */
export function logLine(level: LogLevel, line: { readonly message: string; readonly [field: string]: unknown }): void {
  const isJson = process.env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === 'JSON';
  console[level](isJson ? line : JSON.stringify({ level: level.toUpperCase(), ...line }));
}
