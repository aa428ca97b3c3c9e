import { SecretReference } from '../../../../src/protocol/http-settings';
import { HTTP_TOOLS } from '../../../../src/source/http/http-tools';
import { Answer, Received, ScriptedServer } from '../kit';

/** Reading and writing secrets of AWS, against a server that answers as its documentation says. */

const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop-AbCdEf';
const PARAMETER = '/shop/token';

let server: ScriptedServer;
let answer: Answer | ((request: Received) => Answer);
const before = { ...process.env };

beforeAll(async () => {
  server = await ScriptedServer.start((request) => (typeof answer === 'function' ? answer(request) : answer));
  Object.assign(process.env, { AWS_ENDPOINT_URL: server.origin, AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalr', AWS_REGION: 'eu-west-1' });
  delete process.env.AWS_SESSION_TOKEN;
});
afterAll(async () => {
  process.env = before;
  await server.close();
});
beforeEach(() => { server.received.length = 0; });

async function read(reference: SecretReference): Promise<string> {
  return HTTP_TOOLS.readSecret(reference, new AbortController().signal);
}

test.each<[string, SecretReference, unknown, string, object, string]>([
  ['a secret', { secretArn: ARN }, { SecretString: 'hunter2' }, 'secretsmanager.GetSecretValue', { SecretId: ARN }, 'eu-central-1/secretsmanager'],
  ['a binary secret', { secretArn: ARN }, { SecretBinary: 'aHVudGVyMg==' }, 'secretsmanager.GetSecretValue', { SecretId: ARN }, 'eu-central-1/secretsmanager'],
  ['a parameter', { parameterName: PARAMETER }, { Parameter: { Value: 'hunter2' } }, 'AmazonSSM.GetParameter', { Name: PARAMETER, WithDecryption: true },
    'eu-west-1/ssm'],
])('%s is read by a signed request', async (_, reference, body, target, input, scope) => {
  answer = { body };

  expect(await read(reference)).toBe('hunter2');
  const [{ headers, body: sent }] = server.received as [typeof server.received[0]];
  expect(headers).toMatchObject({ 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' });
  expect(headers.authorization).toMatch(new RegExp(`^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\\d{8}/${scope}/aws4_request, SignedHeaders=.*, Signature=[0-9a-f]{64}$`));
  expect(JSON.parse(sent)).toEqual(input);
});

test.each<[string, SecretReference, Answer, string, string]>([
  ['one that may not be read', { secretArn: ARN }, { status: 400, headers: { 'x-amzn-requestid': 'r-1' }, body: { __type: 'AccessDeniedException', Message: 'hunter2' } },
    'NonRetryableError', `The secret ${ARN} could not be read (AccessDenied, HTTP 400, request id r-1)`],
  ['one that does not exist', { parameterName: PARAMETER }, { status: 400, body: { __type: 'com.amazonaws.ssm#ParameterNotFound' } },
    'NonRetryableError', `The parameter ${PARAMETER} could not be read (ParameterNotFound, HTTP 400, request id unknown)`],
  ['a throttled request', { secretArn: ARN }, { status: 400, body: { __type: 'ThrottlingException' } },
    'Error', `The secret ${ARN} could not be read (Throttling, HTTP 400, request id unknown)`],
  ['one without a value', { secretArn: ARN }, { body: {} }, 'NonRetryableError', `The secret ${ARN} has no value`],
])('%s is named', async (_, reference, given, name, message) => {
  answer = given;

  await expect(read(reference)).rejects.toMatchObject({ name, message });
});

describe('what is written', () => {
  async function write(reference: SecretReference): Promise<void> {
    return HTTP_TOOLS.writeSecret(reference, 'hunter3', new AbortController().signal);
  }

  function sent(): [unknown, object][] {
    return server.received.map(({ headers, body }) => [headers['x-amz-target'], JSON.parse(body) as object]);
  }

  test('becomes a new version of a secret', async () => {
    answer = { body: { VersionId: 'v-2' } };
    await write({ secretArn: ARN });

    expect(sent()).toEqual([['secretsmanager.PutSecretValue', { SecretId: ARN, SecretString: 'hunter3', ClientRequestToken: expect.stringMatching(/^[0-9a-f-]{36}$/) as string }]]);
    expect(server.received[0]!.headers.authorization).toContain('/eu-central-1/secretsmanager/aws4_request');
  });

  test('keeps type, key and tier of a parameter, as its newest version has them, and calls it by its name', async () => {
    const arn = 'arn:aws:ssm:eu-north-1:111122223333:parameter/shop/token';
    const versions = [1, 3, 2].map((Version) => ({ Name: PARAMETER, Version, Type: 'SecureString', KeyId: `alias/key-${Version}`, Tier: 'Advanced' }));
    answer = ({ headers, body }) => {
      if (headers['x-amz-target'] === 'AmazonSSM.PutParameter') return { body: { Version: 4 } };
      return { body: body.includes('NextToken') ? { Parameters: versions.slice(1) } : { Parameters: versions.slice(0, 1), NextToken: 'n' } };
    };
    await write({ parameterName: arn });

    expect(sent()).toEqual([
      ['AmazonSSM.GetParameterHistory', { Name: arn, WithDecryption: false }],
      ['AmazonSSM.GetParameterHistory', { Name: arn, WithDecryption: false, NextToken: 'n' }],
      ['AmazonSSM.PutParameter', { Name: PARAMETER, Value: 'hunter3', Overwrite: true, Type: 'SecureString', KeyId: 'alias/key-3', Tier: 'Advanced' }],
    ]);
    expect(server.received[2]!.headers.authorization).toContain('/eu-north-1/ssm/aws4_request');
  });

  test.each<[string, SecretReference, Answer, string, string]>([
    ['a secret that may not be', { secretArn: ARN }, { status: 400, body: { __type: 'AccessDeniedException', Message: 'hunter3' } },
      'NonRetryableError', `The secret ${ARN} could not be written (AccessDenied, HTTP 400, request id unknown)`],
    ['a secret with too many versions', { secretArn: ARN }, { status: 400, body: { __type: 'LimitExceededException' } },
      'NonRetryableError', `The secret ${ARN} could not be written (LimitExceeded, HTTP 400, request id unknown)`],
    ['a parameter that may not be', { parameterName: PARAMETER }, { status: 400, body: { __type: 'AccessDeniedException' } },
      'NonRetryableError', `The parameter ${PARAMETER} could not be written (AccessDenied, HTTP 400, request id unknown)`],
    ['a passing failure', { secretArn: ARN }, { status: 500, body: { __type: 'InternalServiceError' } },
      'Error', `The secret ${ARN} could not be written (InternalServiceError, HTTP 500, request id unknown)`],
    ['a parameter without versions', { parameterName: PARAMETER }, { body: { Parameters: [] } }, 'NonRetryableError', `The parameter ${PARAMETER} has no versions`],
  ])('%s is named, without the value', async (_, reference, given, name, message) => {
    answer = given;

    await expect(write(reference)).rejects.toMatchObject({ name, message });
  });
});

test('variables are read from the environment', async () => {
  process.env.SHOP_TOKEN = 'hunter2';

  expect(await read({ environment: 'SHOP_TOKEN' })).toBe('hunter2');
  await expect(read({ environment: 'NO_TOKEN' })).rejects.toThrow('The environment variable NO_TOKEN, which has a credential of the source, is not set');
});

test('without credentials the variables are named', async () => {
  delete process.env.AWS_ACCESS_KEY_ID;

  await expect(read({ secretArn: ARN })).rejects.toThrow('No AWS credentials in the environment: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.');
});
