import { once } from 'node:events';
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { onlyThisComputer } from '../only-this-computer';
import { LambdaApiError, LambdaService } from './lambda-service';

/** The Invoke operation of the Lambda API over HTTP, for functions that invoke others. */
export interface LambdaEndpoint {
  /** Such as `http://127.0.0.1:49152`. */
  readonly url: string;
  close(): Promise<void>;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
const INVOKE_PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** Starts listening on a free port, for programs on this computer only. Accepts any credentials. */
export async function startLambdaEndpoint(service: LambdaService): Promise<LambdaEndpoint> {
  const server = createServer((request, response) => void answer(service, request, response));
  onlyThisComputer(server, (response, reason) => answerError(response, new LambdaApiError('AccessDeniedException', 403, reason)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(service: LambdaService, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const { pathname } = new URL(request.url!, 'http://localhost');
    const [, name] = INVOKE_PATH.exec(pathname) ?? [];
    if (request.method !== 'POST' || name === undefined) throw new LambdaApiError('UnknownOperationException', 404, 'Only Invoke is supported.');
    await invoke(service, decodeURIComponent(name), request, response);
  } catch (error) {
    answerError(response, error);
  }
}

async function invoke(service: LambdaService, name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const payload = await text(request);
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (type === 'DryRun') {
    service.find(name);
    response.writeHead(204).end();
  } else if (type === 'Event') {
    service.find(name);
    void service.invoke(name, payload).catch(() => {});
    response.writeHead(202).end();
  } else {
    const { failed, payload: result, requestId } = await service.invoke(name, payload);
    const error = failed ? { 'x-amz-function-error': 'Unhandled' } : {};
    const headers = { 'content-type': 'application/json', 'x-amzn-requestid': requestId, 'x-amz-executed-version': '$LATEST', ...error };
    response.writeHead(200, headers).end(result);
  }
}

function answerError(response: ServerResponse, error: unknown): void {
  const { name, statusCode, message } = error instanceof LambdaApiError
    ? error
    : new LambdaApiError('ServiceException', 500, (error as Error).message);
  response.writeHead(statusCode, { 'content-type': 'application/json', 'x-amzn-errortype': name });
  response.end(JSON.stringify({ Type: statusCode < 500 ? 'User' : 'Service', Message: message, message }));
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
