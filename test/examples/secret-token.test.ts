import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, IncomingMessage, RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Fault, FunctionLogLine, LocalCloud } from 'cdk-paginated-import/local';
import { OrdersStack } from '../../examples/secret-token/orders-stack';

// Synthesis bundles the source, and loads the CDK first.
jest.setTimeout(180_000);

const TOKEN = 'the-token-of-the-test';
const ORDERS = Array.from({ length: 250 }, (_, id) => ({ id }));

/** A server on a free port, which ends with the block that it is declared in. */
async function serve(listener: RequestListener): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer(listener).listen(0, 'localhost');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function queryOf({ url }: IncomingMessage): URLSearchParams {
  return new URL(url!, 'http://localhost').searchParams;
}

/** The orders API: it answers who has the token. */
const orders: RequestListener = (request, response) => {
  if (request.headers.authorization !== `Bearer ${TOKEN}`) return response.writeHead(401).end();
  const query = queryOf(request);
  const offset = Number(query.get('offset'));
  return response.end(JSON.stringify(ORDERS.slice(offset, offset + Number(query.get('limit')))));
};

/** The secrets extension: it answers who has the session token of the function. */
const secrets: RequestListener = (request, response) => {
  const isMeant = request.url!.startsWith('/secretsmanager/get?') && queryOf(request).get('secretId') === 'orders/api-token';
  if (!isMeant || !request.headers['x-aws-parameters-secrets-token']) return response.writeHead(400).end();
  return response.end(JSON.stringify({ Name: 'orders/api-token', SecretString: TOKEN }));
};

let folder: string;
let stack: OrdersStack;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'secret-token-'));
  const app = new App({ outdir: join(folder, 'cdk.out') });
  stack = new OrdersStack(app, 'SecretToken', { apiUrl: 'https://api.example.com' });
  app.synth();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function startCloud(
  environment: Record<string, string>, onLine?: (line: FunctionLogLine) => void, faults: Fault[] = [],
): Promise<LocalCloud> {
  return LocalCloud.start({ assembly: join(folder, 'cdk.out'), timeScale: 0, environment: { 'SecretToken/Orders': environment }, onLine, faults });
}

async function importedWith(cloud: LocalCloud): Promise<unknown[]> {
  const { status, output, cause } = await cloud.startExecution('SecretToken/Orders').result();
  expect({ status, cause }).toEqual({ status: 'SUCCEEDED', cause: undefined });
  const { bucket, key } = output as { bucket: string; key: string };
  return cloud.s3.read(bucket, key).toString().trimEnd().split('\n').map((line) => JSON.parse(line) as unknown);
}

test('imports with the token of the secret, which is nowhere in what it leaves', async () => {
  await using api = await serve(orders);
  await using extension = await serve(secrets);
  const lines: FunctionLogLine[] = [];
  const environment = { ORDERS_API_URL: `http://localhost:${api.port}`, PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: String(extension.port) };
  await using cloud = await startCloud(environment, (line) => lines.push(line), [Fault.serverError({ page: 2 })]);
  expect(await importedWith(cloud)).toEqual(ORDERS);
  expect(cloud.faultsNotInjected).toEqual([]);
  expect(JSON.stringify(lines)).not.toContain(TOKEN);
});

test('imports with a token of the environment, without the extension', async () => {
  await using api = await serve(orders);
  await using cloud = await startCloud({ ORDERS_API_URL: `http://localhost:${api.port}`, ORDERS_API_TOKEN: TOKEN });
  expect(await importedWith(cloud)).toEqual(ORDERS);
});

test('may read the secret when it is deployed, and has the extension', () => {
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['secretsmanager:GetSecretValue']) })]) },
    Roles: [{ Ref: Match.stringLikeRegexp('OrdersImportFunctionsFetch') }],
  });
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ ORDERS_API_SECRET: 'orders/api-token' }) },
    Layers: [Match.anyValue()],
  });
  template.hasMapping('*', { 'eu-central-1': Match.anyValue() });
});
