import type { FastifyReply } from 'fastify';
import { MemoryBuckets } from './memory-buckets';
import { MultipartUploads } from './multipart-uploads';
import { ReceivedBody } from './received-body';
import { S3Request } from './s3-request';

/** An operation that this server answers itself: applies the request in one step and sends the reply, or throws an `S3Error`. */
export type Operation = (stores: Stores, request: S3Request, received: ReceivedBody, reply: FastifyReply) => void;

export interface Stores {
  readonly objects: MemoryBuckets;
  readonly uploads: MultipartUploads;
}
