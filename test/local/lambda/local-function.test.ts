import { eventually, localFunctions, TestedFunction } from './local-function.fixture';

const functionOf = localFunctions();

describe('the handler', () => {
  test.each([
    ['an ES module', 'index.mjs', 'export const handler = async (event) => ({ echo: event.a });'],
    ['a CommonJS module', 'index.js', 'exports.handler = async (event) => ({ echo: event.a });'],
    ['a CommonJS module whose exports are computed', 'index.cjs', 'module.exports = { ["hand" + "ler"]: (event) => ({ echo: event.a }) };'],
  ])('is found in %s', async (_, file, code) => {
    const tested = await functionOf({ [file]: code });
    expect(await tested.result({ a: 1 })).toEqual({ echo: 1 });
  });

  test('may lie in a folder, and inside another export', async () => {
    const tested = await functionOf({ 'src/fetch.mjs': 'export const api = { get: () => "there" };' }, { handler: 'src/fetch.api.get' });
    expect(await tested.result()).toBe('there');
  });

  test('may stand in the template', async () => {
    const tested = await functionOf({}, { code: { inline: 'exports.handler = async () => 7' } });
    expect(await tested.result()).toBe(7);
  });

  test('may use a callback up to Node.js 22', async () => {
    const tested = await functionOf({ 'index.mjs': 'export const handler = (event, context, callback) => callback(null, 5);' }, { runtime: 'nodejs22.x' });
    expect(await tested.result()).toBe(5);
  });

  test('may not use a callback from Node.js 24 on', async () => {
    const tested = await functionOf({ 'index.mjs': 'export const handler = (event, context, callback) => callback(null, 5);' });
    expect(await tested.error()).toMatchObject({ errorType: 'Runtime.CallbackHandlerDeprecated' });
  });

  test('gets and gives what JSON carries', async () => {
    const tested = await functionOf({ 'index.mjs': 'export const handler = async (e) => ({ date: new Date(e.at), none: undefined, nan: NaN });' });
    expect(await tested.result({ at: 0 })).toEqual({ date: '1970-01-01T00:00:00.000Z', nan: null });
  });

  test('gives null for nothing', async () => {
    const tested = await functionOf({ 'index.mjs': 'export const handler = async () => {};' });
    expect(await tested.result()).toBeNull();
  });
});

describe('the surroundings of the handler', () => {
  test('are those of Lambda: environment and context', async () => {
    const tested = await functionOf({
      'index.mjs': `export const handler = async (event, context) => ({
        environment: process.env, context, remaining: context.getRemainingTimeInMillis() });`,
    }, { environment: { TABLE: 'orders' }, memoryMegabytes: 256 });
    const { environment, context, remaining } = await tested.result<{
      environment: Record<string, string>; context: Record<string, string>; remaining: number;
    }>();
    expect(environment).toMatchObject({
      TABLE: 'orders',
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'Orders-Fetch',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    });
    expect(context).toMatchObject({
      functionName: 'Orders-Fetch',
      functionVersion: '$LATEST',
      memoryLimitInMB: '256',
      logGroupName: '/aws/lambda/Orders-Fetch',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:Orders-Fetch',
    });
    expect(context.awsRequestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(remaining).toBeGreaterThan(9_000);
    expect(remaining).toBeLessThanOrEqual(10_000);
  });

  test('hold nothing of the environment of this process', async () => {
    process.env.SECRET_OF_THE_DEVELOPER = 'secret';
    process.env.AWS_PROFILE = 'production';
    const tested = await functionOf({ 'index.mjs': 'export const handler = async () => Object.keys(process.env);' });
    const names = await tested.result<string[]>();
    delete process.env.SECRET_OF_THE_DEVELOPER;
    delete process.env.AWS_PROFILE;
    expect(names).not.toContain('SECRET_OF_THE_DEVELOPER');
    expect(names).not.toContain('AWS_PROFILE');
  });

  test('stay for the next invocation', async () => {
    const tested = await functionOf({ 'index.mjs': 'let calls = 0; export const handler = async () => ++calls;' });
    expect([await tested.result(), await tested.result(), await tested.result()]).toEqual([1, 2, 3]);
  });

  test('are not shared by invocations at the same time', async () => {
    const tested = await functionOf({
      'index.mjs': 'let calls = 0; export const handler = async () => { const mine = ++calls; await new Promise((r) => setTimeout(r, 100)); return mine; };',
    });
    expect(await Promise.all([tested.result(), tested.result()])).toEqual([1, 1]);
    expect(await tested.result()).toBe(2);
  });

  test('pass on what is written, line by line', async () => {
    const tested = await functionOf({ 'index.mjs': 'export const handler = async () => { console.log("one\\ntwo"); console.error("three"); };' });
    await tested.result();
    await eventually(() => expect(tested.lines).toEqual(expect.arrayContaining([
      { functionName: 'Orders-Fetch', stream: 'stdout', text: 'one' },
      { functionName: 'Orders-Fetch', stream: 'stdout', text: 'two' },
      { functionName: 'Orders-Fetch', stream: 'stderr', text: 'three' },
    ])));
  });
});

describe('all that an invocation has written is told before its end is:', () => {
  const WRITE = 'for (let n = 0; n < 2000; n++) console.log("line " + n); process.stdout.write("last, without a line feed");';
  const expected = [...Array.from({ length: 2000 }, (_, n) => `line ${n}`), 'last, without a line feed'];

  test.each([
    ['an answer', `${WRITE} return 1;`],
    ['an error', `${WRITE} throw new Error("no page");`],
    ['a result that JSON cannot carry', `${WRITE} return 1n;`],
    ['an error outside the promise of the handler', `${WRITE} setImmediate(() => { throw new Error("late"); }); await new Promise(() => {});`],
  ])('%s', async (_, code) => {
    const tested = await functionOf({ 'index.mjs': `export const handler = async () => { ${code} };` });
    await tested.outcome();
    expect(writtenBy(tested)).toEqual(expected);
  });

  test.each([
    ['time that is up', 'await new Promise(() => setInterval(() => {}, 1e6));'],
    ['an endless loop', 'await new Promise((r) => setImmediate(r)); for (;;);'],
  ])('%s', async (_, code) => {
    const tested = await functionOf({ 'index.mjs': `export const handler = async () => { process.stdout.write("begun\\non"); ${code} };` }, { timeoutSeconds: 3 });
    await tested.error();
    expect(writtenBy(tested)).toEqual(['begun', 'on']);
  });

  test('whatever its code does to the streams', async () => {
    const tested = await functionOf({
      'index.mjs': 'export const handler = async () => { console.log("one"); process.stdout.write = () => true; process.stderr.end(); return 1; };',
    });
    expect(await tested.result()).toBe(1);
    expect(writtenBy(tested)).toEqual(['one']);
  });

  function writtenBy({ lines }: TestedFunction): string[] {
    return lines.filter(({ stream }) => stream === 'stdout').map(({ text }) => text);
  }
});

describe('what goes wrong is reported as Lambda does', () => {
  test('an error', async () => {
    const tested = await functionOf({
      'index.mjs': 'export const handler = async () => { throw Object.assign(new Error("no page"), { name: "PageError" }); };',
    });
    const error = await tested.error();
    expect(error).toMatchObject({ errorType: 'PageError', errorMessage: 'no page' });
    expect(error.trace!.join('\n')).toContain('index.mjs');
  });

  test('something thrown that is no error', async () => {
    const tested = await functionOf({ 'index.mjs': 'export const handler = async () => { throw "no page"; };' });
    expect(await tested.error()).toMatchObject({ errorType: 'string', errorMessage: 'no page', trace: [] });
  });

  test('an error leaves the environment in place', async () => {
    const tested = await functionOf({ 'index.mjs': 'let calls = 0; export const handler = async () => { if (++calls === 1) throw new Error(); return calls; };' });
    await tested.error();
    expect(await tested.result()).toBe(2);
  });

  test('a result that JSON cannot carry', async () => {
    const tested = await functionOf({ 'index.mjs': 'export const handler = async () => ({ big: 1n });' });
    expect(await tested.error()).toMatchObject({ errorType: 'Runtime.JSONStringifyError', errorMessage: 'Unable to stringify response body' });
  });

  test('a response over 6 MB', async () => {
    const tested = await functionOf({ 'index.mjs': 'export const handler = async ({ length }) => "x".repeat(length);' });
    expect(await tested.result<string>({ length: 6 * 1024 * 1024 })).toHaveLength(6 * 1024 * 1024);
    expect(await tested.error({ length: 6 * 1024 * 1024 + 99 })).toMatchObject({
      errorType: 'Function.ResponseSizeTooLarge', errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    });
  });

  test('time that is up, after which the environment is a new one', async () => {
    const tested = await functionOf({
      'index.mjs': 'let calls = 0; export const handler = async ({ hang }) => { calls++; if (hang) await new Promise(() => setInterval(() => {}, 1e6)); return calls; };',
    }, { timeoutSeconds: 1 });
    expect(await tested.result()).toBe(1);
    const { errorType, errorMessage, requestId } = await tested.error({ hang: true });
    expect({ errorType, errorMessage }).toEqual({
      errorType: 'Sandbox.Timedout', errorMessage: `RequestId: ${requestId} Error: Task timed out after 1.00 seconds`,
    });
    expect(await tested.result()).toBe(1);
  });

  test('an endless loop', async () => {
    const tested = await functionOf({ 'index.mjs': 'export const handler = () => { for (;;); };' }, { timeoutSeconds: 1 });
    expect(await tested.error()).toMatchObject({ errorType: 'Sandbox.Timedout' });
  });

  test('memory that is used up', async () => {
    const tested = await functionOf({
      'index.mjs': 'export const handler = async () => { const all = []; for (;;) all.push(new Array(1e5).fill(Math.random())); };',
    }, { memoryMegabytes: 128 });
    const { errorType, errorMessage, requestId } = await tested.error();
    expect({ errorType, errorMessage }).toEqual({
      errorType: 'Runtime.OutOfMemory', errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
    });
  });

  test.each([
    [1, 'with error: exit status 1'],
    [0, 'without providing a reason'],
  ])('an exit with code %d', async (code, reason) => {
    const tested = await functionOf({ 'index.mjs': 'export const handler = async ({ code }) => process.exit(code);' });
    const { errorType, errorMessage, requestId } = await tested.error({ code });
    expect({ errorType, errorMessage }).toEqual({ errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: Runtime exited ${reason}` });
  });

  const STRAY = {
    'an error outside the promise of the handler': 'setTimeout(() => { throw new RangeError("late"); }, 1);',
    'an event of an error without a listener': 'setTimeout(() => new EventEmitter().emit("error", new RangeError("late")), 1);',
    'a rejection that nobody handles': 'void Promise.reject(new RangeError("late"));',
  };
  const strayFunction = async (code: string, runtime: string) => functionOf({
    'index.mjs': `import { EventEmitter } from 'node:events';
      let calls = 0;
      export const handler = async ({ stray }) => { calls++; if (stray) { ${code} await new Promise((r) => setTimeout(r, 5000)); } return calls; };`,
  }, { runtime });

  test.each([
    [STRAY['an error outside the promise of the handler'], { errorType: 'RangeError', errorMessage: 'late' }],
    [STRAY['an event of an error without a listener'], { errorType: 'RangeError', errorMessage: 'late' }],
    [STRAY['a rejection that nobody handles'], { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'RangeError: late' }],
  ])('up to Node.js 22, Lambda\'s runtime reports what nothing has caught, and ends: %s', async (code, error) => {
    const tested = await strayFunction(code, 'nodejs22.x');
    expect(await tested.result()).toBe(1);
    expect(await tested.error({ stray: true })).toMatchObject(error);
    expect(await tested.result()).toBe(1);
  });

  test.each(Object.entries(STRAY))('from Node.js 24 on, Node.js ends by itself: %s', async (_what, code) => {
    const tested = await strayFunction(code, 'nodejs24.x');
    expect(await tested.result()).toBe(1);
    const { errorType, errorMessage, requestId } = await tested.error({ stray: true });
    expect({ errorType, errorMessage }).toEqual({
      errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: exit status 1`,
    });
    expect(tested.lines).toContainEqual({ functionName: 'Orders-Fetch', stream: 'stderr', text: expect.stringContaining('RangeError: late') as string });
    expect(await tested.result()).toBe(1);
  });

  test('an error after which the code ends the process: the error comes first, and the environment is a new one', async () => {
    const tested = await functionOf({
      'index.mjs': `let calls = 0; export const handler = async ({ fails }) => {
        calls++; if (!fails) return calls;
        setImmediate(() => setImmediate(() => process.exit(1)));
        throw new RangeError("over"); };`,
    });
    expect(await tested.result()).toBe(1);
    expect(await tested.error({ fails: true })).toMatchObject({ errorType: 'RangeError', errorMessage: 'over' });
    expect(await tested.result()).toBe(1);
  });

  test.each([
    ['no module', {}, 'index.handler', 'Runtime.ImportModuleError', "Error: Cannot find module 'index'"],
    ['a module that imports one that is missing', { 'index.mjs': 'import "nowhere-to-be-found";' }, 'index.handler', 'Runtime.ImportModuleError', 'nowhere'],
    ['no such export', { 'index.mjs': 'export const other = 1;' }, 'index.handler', 'Runtime.HandlerNotFound', 'index.handler is undefined or not exported'],
    ['an export that is no function', { 'index.mjs': 'export const handler = 1;' }, 'index.handler', 'Runtime.HandlerNotFound', 'index.handler is not a function'],
    ['a syntax error', { 'index.mjs': 'export const handler = ;' }, 'index.handler', 'Runtime.UserCodeSyntaxError', 'SyntaxError'],
    ['a handler without an export', { 'index.mjs': '' }, 'index', 'Runtime.MalformedHandlerName', 'Bad handler'],
    ['an error while loading', { 'index.mjs': 'throw new TypeError("at load");' }, 'index.handler', 'TypeError', 'at load'],
  ])('%s', async (_, files, handler, errorType, errorMessage) => {
    const tested = await functionOf(files as unknown as Record<string, string>, { handler });
    expect(await tested.error()).toMatchObject({ errorType, errorMessage: expect.stringContaining(errorMessage) });
  });

  test('what an idle environment throws does not reach the next invocation', async () => {
    const tested = await functionOf({
      'index.mjs': 'export const handler = async ({ bomb }) => { if (bomb) setTimeout(() => { throw new Error("idle"); }, 200); return "ok"; };',
    });
    expect(await tested.result({ bomb: true })).toBe('ok');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await tested.result()).toBe('ok');
  });
});

test('a process is killed by the payload that it works on, and the next one begins anew', async () => {
  const tested = await functionOf({
    'index.mjs': 'let calls = 0; export const handler = async ({ hang }) => { calls++; if (hang) await new Promise(() => {}); return calls; };',
  });
  expect(await tested.result()).toBe(1);
  const other = tested.outcome({ hang: 'other' });
  const killed = tested.error({ hang: 'this' });
  await tested.lambda.kill((payload) => (payload as { hang: string }).hang === 'this');
  const { errorType, errorMessage, requestId } = await killed;
  expect({ errorType, errorMessage }).toEqual({
    errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
  });
  expect(await tested.result()).toBe(1);
  await tested.lambda.kill(() => true);
  expect(await other).toMatchObject({ failed: true });
});
