import type { FastifyReply, FastifyRequest } from 'fastify';
import { Intervention } from './interceptor';
import { S3Error } from './s3-error';

/** Carries out the part of an intervention before the request is applied. Its result or error is the answer to the request. */
export async function interveneBefore(intervention: Intervention, http: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | void> {
  switch (intervention.kind) {
    case 'fail':
      throw new S3Error(intervention.code, intervention.status, intervention.message ?? `Injected ${intervention.code}`);
    case 'cut':
      http.raw.socket.destroy();
      return reply.hijack();
    case 'cut-then-apply':
      http.raw.socket.destroy();
      await intervention.until;
      return;
    default:
      return;
  }
}

/** Carries out the part of an intervention after the request is applied. Returns the body to send. */
export async function interveneAfter(
  intervention: Intervention, http: FastifyRequest, reply: FastifyReply, body: unknown,
): Promise<unknown> {
  switch (intervention.kind) {
    case 'drop-reply':
      http.raw.socket.destroy();
      return body;
    case 'hold-reply':
      await intervention.until;
      return body;
    case 'replace-reply':
      reply.code(intervention.status).removeHeader('content-length').header('content-type', 'application/xml');
      return intervention.body;
    default:
      return body;
  }
}
