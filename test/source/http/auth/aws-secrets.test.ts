import { SecretReference } from '../../../../src/protocol/http-settings';
import { HTTP_TOOLS } from '../../../../src/source/http/http-tools';
import { Answer, ScriptedServer } from '../kit';

/** Reading secrets from AWS, against a server that answers as its documentation says. */

const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop-AbCdEf';
const PARAMETER = '/shop/token';

let server: ScriptedServer;
let answer: Answer;
const before = { ...process.env };

beforeAll(async () => {
  server = await ScriptedServer.start(() => answer);
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

test('variables are read from the environment', async () => {
  process.env.SHOP_TOKEN = 'hunter2';

  expect(await read({ environment: 'SHOP_TOKEN' })).toBe('hunter2');
  await expect(read({ environment: 'NO_TOKEN' })).rejects.toThrow('The environment variable NO_TOKEN, which has a credential of the source, is not set');
});

test('without credentials the variables are named', async () => {
  delete process.env.AWS_ACCESS_KEY_ID;

  await expect(read({ secretArn: ARN })).rejects.toThrow('No AWS credentials in the environment: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.');
});
