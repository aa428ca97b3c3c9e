import { AddressInfo } from 'node:net';
import { Interceptor, Interceptors } from './interceptor';
import { MemoryBuckets, StoredObject } from './memory-buckets';
import { MultipartUploads } from './multipart-uploads';
import { s3App } from './s3-app';
import { OperationTraffic, TrafficCounter } from './traffic';

export interface LocalS3Options {
  /** Port to listen on. @default a free one */
  readonly port?: number;
  /**
   * The answer to CompleteMultipartUpload for an upload that is already completed. S3 answers with success, other implementations with
   * `NoSuchUpload`.
   *
   * @default succeeds
   */
  readonly repeatedComplete?: 'succeeds' | 'no-such-upload';
}

/** A stored object, without its bytes. */
export interface LocalObject {
  readonly key: string;
  readonly bytes: number;
  /** Quoted. */
  readonly etag: string;
  readonly contentType: string;
  readonly contentEncoding?: string;
  /** S3's name of the class. @default - the standard class */
  readonly storageClass?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** User metadata. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly lastModified: Date;
}

/**
 * An S3 server in this process, for programs on this computer only. Objects are kept in memory, without duplicates for copies, and dropped
 * when it is closed. It accepts any credentials and checks no signatures.
 */
export interface LocalS3 {
  /** URL, such as `http://127.0.0.1:49152`. */
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };

  /** Environment variables that make an AWS SDK use this server and nothing else. */
  readonly environment: Readonly<Record<string, string>>;

  /** Creates a bucket. An existing one is unchanged. */
  createBucket(name: string): void;

  /** The objects under a prefix, in key order. @throws NoSuchBucket */
  list(bucket: string, prefix?: string): LocalObject[];

  /** An object's bytes, in one piece. @throws NoSuchBucket, NoSuchKey */
  read(bucket: string, key: string): Buffer;

  /** Writes an object's bytes to a file, without loading them in one piece. @throws NoSuchBucket, NoSuchKey */
  readToFile(bucket: string, key: string, file: string): Promise<void>;

  /** Installs an interceptor, see `Interceptor`. Returns a function that removes it. */
  intercept(interceptor: Interceptor): () => void;

  /** Requests and bytes so far, or since the last reset, by S3 operation name. */
  traffic(): Record<string, OperationTraffic>;

  resetTraffic(): void;

  /** Stops listening, cuts open connections and drops all objects. */
  close(): Promise<void>;
}

/** An address, so that the AWS SDK puts the bucket in the path by itself. */
const HOST = '127.0.0.1';
const REGION = 'us-east-1';
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/** Starts a local S3 server. @throws Node's error if the port is taken */
export async function startLocalS3(options: LocalS3Options = {}): Promise<LocalS3> {
  const objects = new MemoryBuckets();
  const uploads = new MultipartUploads(objects, options.repeatedComplete ?? 'succeeds');
  const interceptors = new Interceptors();
  const traffic = new TrafficCounter();
  const app = s3App({ objects, uploads }, interceptors, traffic);
  await app.listen({ host: HOST, port: options.port ?? 0 });
  const endpoint = `http://${HOST}:${(app.server.address() as AddressInfo).port}`;
  return {
    endpoint,
    region: REGION,
    credentials: CREDENTIALS,
    environment: sdkEnvironment(endpoint),
    createBucket: (name) => objects.createBucket(name),
    list: (bucket, prefix = '') => objects.list(bucket, prefix, '').map(localObject),
    read: (bucket, key) => objects.get(bucket, key).body.toBuffer(),
    readToFile: (bucket, key, file) => objects.get(bucket, key).body.writeTo(file),
    intercept: (interceptor) => interceptors.add(interceptor),
    traffic: () => traffic.snapshot(),
    resetTraffic: () => traffic.reset(),
    close: async () => app.close(),
  };
}

function sdkEnvironment(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  };
}

function localObject({ key, body, etag, properties, lastModified }: StoredObject): LocalObject {
  const { contentType, contentEncoding, storageClass, tags, metadata } = properties;
  return { key, bytes: body.bytes, etag, contentType, contentEncoding, storageClass, tags, metadata, lastModified };
}
