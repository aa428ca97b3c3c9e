import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { buildApp } from 'fauxqs';
import { onlyThisComputer } from '../only-this-computer';
import { fauxqsStore } from './fauxqs-store';
import { Interceptors, Intervention } from './interceptor';
import { interveneAfter, interveneBefore } from './intervene';
import { listObjectsV2 } from './list-objects';
import {
  abortMultipartUpload, completeMultipartUpload, createMultipartUpload, listMultipartUploads, listParts, uploadPart, uploadPartCopy,
} from './multipart-operations';
import { copyObject, putObject } from './object-operations';
import { Operation, Stores } from './operation';
import { NO_BODY, ReceivedBody, receiveBody } from './received-body';
import { accessDenied, notImplemented, S3Error } from './s3-error';
import { requireS3Route, S3Request, s3Request } from './s3-request';
import { TrafficCounter } from './traffic';

/**
 * The operations that this server answers itself: all writes of objects, everything about multipart uploads, and the listing. fauxqs 2.4.1
 * ignores conditions, checksums and announced sizes, has no ListParts, sorts keys by locale instead of bytes, and repeats common prefixes
 * from page to page.
 */
const OPERATIONS = new Map<string, Operation>(Object.entries({
  PutObject: putObject,
  CopyObject: copyObject,
  CreateMultipartUpload: createMultipartUpload,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
  CompleteMultipartUpload: completeMultipartUpload,
  AbortMultipartUpload: abortMultipartUpload,
  ListParts: listParts,
  ListMultipartUploads: listMultipartUploads,
  ListObjectsV2: listObjectsV2,
}));

/** What is known about a request between the end of its body and its reply. */
interface Exchange {
  readonly request: S3Request;
  readonly received: ReceivedBody;
  intervention?: Intervention;
}

/** Builds the app. A request of S3 passes through body, counter and interceptors, then our operation or fauxqs' route. */
export function s3App(stores: Stores, interceptors: Interceptors, traffic: TrafficCounter): FastifyInstance {
  const app: FastifyInstance = buildApp({ logger: false, stores: fauxqsStore(stores.objects) });
  const exchanges = new WeakMap<object, Exchange>();
  onlyThisComputer(app.server, (response, reason) => sendError(response, accessDenied(reason)));
  app.addHook('onRequest', async (http) => requireS3Route(http));
  receiveBodies(app);
  answerErrors(app);
  app.addHook('preHandler', async (http, reply) => {
    const exchange: Exchange = { request: s3Request(http), received: (http.body as ReceivedBody | undefined | null) ?? NO_BODY };
    const { request, received: { body } } = exchange;
    exchanges.set(http, exchange);
    traffic.countRequest(request.operation, body.bytes);
    exchange.intervention = await interceptors.ask({ ...request, bytes: body.bytes, body: () => body.toBuffer() });
    return exchange.intervention && interveneBefore(exchange.intervention, http, reply);
  });
  app.addHook('preHandler', (http, reply, done) => apply(stores, exchanges.get(http)!, http, reply, done));
  app.addHook('onSend', async (http, reply, payload) => {
    const exchange = exchanges.get(http);
    if (exchange === undefined) return payload;
    const sent = exchange.intervention ? await interveneAfter(exchange.intervention, http, reply, payload) : payload;
    traffic.countReply(exchange.request.operation, reply.statusCode, byteLength(sent));
    return sent;
  });
  return app;
}

function receiveBodies(app: FastifyInstance): void {
  // fauxqs parses some content types for its other services, and joins others, up to 11 MiB, in one buffer.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (http: FastifyRequest, payload: IncomingMessage) => receiveBody(payload, http.headers['content-encoding']));
}

/** Applies the request. In callback style, so that no other request runs between check and write. */
function apply(stores: Stores, exchange: Exchange, http: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
  try {
    const operation = OPERATIONS.get(exchange.request.operation);
    if (operation) return operation(stores, exchange.request, exchange.received, reply);
    leaveToFauxqs(exchange, http);
    done();
  } catch (error) {
    done(error as Error);
  }
}

/** Gives fauxqs' route the buffer that it expects. @throws NotImplemented for anything that the route would ignore */
function leaveToFauxqs({ request, received }: Exchange, http: FastifyRequest): void {
  if (request.operation === 'Unknown') throw notImplemented(`${request.method} with the parameters ${Object.keys(request.query).join(', ')}`);
  if (request.operation === 'DeleteObject' && request.headers['if-match'] !== undefined) throw notImplemented('conditional deletes');
  http.body = received.body.toBuffer();
}

function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((thrown: Error & { statusCode?: number }, http, reply) => {
    const error = thrown instanceof S3Error ? thrown : new S3Error('InternalError', thrown.statusCode ?? 500, thrown.message);
    reply.code(error.statusCode);
    if (http.method === 'HEAD') return reply.send();
    return reply.header('content-type', 'application/xml').send(error.toXml());
  });
}

/** Without Fastify, which does not know of the request. */
function sendError(response: ServerResponse, error: S3Error): void {
  response.writeHead(error.statusCode, { 'content-type': 'application/xml' }).end(error.toXml());
}

function byteLength(payload: unknown): number {
  return typeof payload === 'string' || Buffer.isBuffer(payload) ? Buffer.byteLength(payload) : 0;
}
