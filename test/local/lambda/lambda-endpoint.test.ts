import { InvokeCommand, InvokeCommandOutput, LambdaClient } from '@aws-sdk/client-lambda';
import { LambdaEndpoint, startLambdaEndpoint } from '../../../src/local/lambda/lambda-endpoint';
import { LambdaService } from '../../../src/local/lambda/lambda-service';
import { ReplacementFunction } from '../../../src/local/lambda/replacement-function';

const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:double';

let endpoint: LambdaEndpoint;
let client: LambdaClient;
const seen: unknown[] = [];

beforeAll(async () => {
  const service = new LambdaService();
  service.add(new ReplacementFunction('double', ARN, (payload) => {
    seen.push(payload);
    if (typeof payload !== 'number') throw new TypeError('no number');
    return payload * 2;
  }));
  endpoint = await startLambdaEndpoint(service);
  client = new LambdaClient({
    endpoint: endpoint.url, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' }, maxAttempts: 1,
  });
});
afterAll(async () => {
  client.destroy();
  await endpoint.close();
});
beforeEach(() => seen.splice(0));

async function invoke(FunctionName: string, payload?: string, InvocationType?: 'Event' | 'DryRun'): Promise<InvokeCommandOutput> {
  return client.send(new InvokeCommand({ FunctionName, Payload: payload, InvocationType }));
}

function text({ Payload }: InvokeCommandOutput): string {
  return Buffer.from(Payload!).toString();
}

test.each([['double'], [ARN], [`${ARN}:live`], ['double:live'], ['123456789012:function:double']])('%s is invoked by the SDK', async (name) => {
  const output = await invoke(name, '21');
  expect(output).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
  expect(output.FunctionError).toBeUndefined();
  expect(text(output)).toBe('42');
});

test('what the function throws is its result, and said to be an error', async () => {
  const output = await invoke('double', '"two"');
  expect(output).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
  expect(JSON.parse(text(output))).toMatchObject({ errorType: 'TypeError', errorMessage: 'no number' });
});

test('no payload is an empty object', async () => {
  await invoke('double');
  expect(seen).toEqual([{}]);
});

test('an event is not waited for, and a dry run does not run', async () => {
  expect(await invoke('double', '1', 'Event')).toMatchObject({ StatusCode: 202 });
  expect(await invoke('double', '2', 'DryRun')).toMatchObject({ StatusCode: 204 });
  expect(seen).toEqual([1]);
});

test.each([
  ['of a function that is not there', 'nobody', '1', 'ResourceNotFoundException'],
  ['over 6 MB', 'double', `"${'x'.repeat(6 * 1024 * 1024)}"`, 'RequestTooLargeException'],
  ['that is no JSON', 'double', '{', 'InvalidRequestContentException'],
])('an invocation %s is refused with the error of Lambda', async (_, name, payload, error) => {
  await expect(invoke(name, payload)).rejects.toMatchObject({ name: error });
  expect(seen).toEqual([]);
});
