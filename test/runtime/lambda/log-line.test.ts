import { logLine, LogLevel } from '../../../src/runtime/lambda/log-line';

const LINE = { message: 'paginated import progress', pages: 7 };

afterEach(() => {
  delete process.env.AWS_LAMBDA_LOG_FORMAT;
  jest.restoreAllMocks();
});

/** Arguments of the console's methods, from which Lambda makes lines with their levels. */
function written(level: LogLevel): unknown[][] {
  const console_ = jest.spyOn(console, level).mockImplementation(() => undefined);
  logLine(level, LINE);
  return console_.mock.calls;
}

test.each([[LogLevel.INFO, 'INFO'], [LogLevel.WARN, 'WARN']])('with the text format, logs a line of JSON with its level: %s', (level, name) => {
  expect(written(level).map(([text]) => JSON.parse(text as string))).toEqual([{ level: name, ...LINE }]);
});

test.each([[LogLevel.INFO], [LogLevel.WARN]])('with the JSON format, logs an object: in a string, its fields would be quoted: %s', (level) => {
  process.env.AWS_LAMBDA_LOG_FORMAT = 'JSON';
  expect(written(level)).toEqual([[LINE]]);
});
