import type { IncomingHttpHeaders } from 'node:http';
import { invalidRequest } from './s3-error';

/** The target and the operation of a request. */
export interface S3Request {
  /** S3's name of the operation, such as `PutObject`; `Unknown` for others. */
  readonly operation: string;
  readonly method: string;
  /** Empty for ListBuckets. */
  readonly bucket: string;
  /** Empty for operations on buckets. */
  readonly key: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly headers: IncomingHttpHeaders;
}

/** The parts of an HTTP request that are used. The package's types must not refer to the bundled server's. */
interface HttpRequest {
  readonly method: string;
  readonly params: unknown;
  readonly query: unknown;
  readonly headers: IncomingHttpHeaders;
}

/** The parts that tell which of the server's routes an HTTP request has taken. */
interface RoutedRequest {
  readonly method: string;
  readonly url: string;
  readonly is404: boolean;
  readonly routeOptions: { readonly url?: string };
}

/** The routes of fauxqs for S3. It has others for SQS, SNS and STS, all at `POST /`, and for its own state. */
const S3_ROUTES = new Set(['/', '/:bucket', '/:bucket/*']);

/** @throws InvalidRequest for a request to another service, or with a method that S3 does not have */
export function requireS3Route({ method, url, is404, routeOptions }: RoutedRequest): void {
  if (!is404 && S3_ROUTES.has(routeOptions.url!) && (routeOptions.url !== '/' || method === 'GET')) return;
  throw invalidRequest(`This local server offers nothing but S3, and that has no ${method} ${url}.`);
}

/** The S3 request in an HTTP request. fauxqs' routes have already parsed the path, and moved a bucket from the host name into it. */
export function s3Request({ method, params, query, headers }: HttpRequest): S3Request {
  const { bucket = '', ['*']: key = '' } = (params ?? {}) as Record<string, string | undefined>;
  const request = { method, bucket, key, query: (query ?? {}) as S3Request['query'], headers };
  return { operation: operationOf(request), ...request };
}

/** Query parameters of the operations below. Any other one means another operation: `tagging` means PutObjectTagging. */
const QUERY_PARAMETERS = new Set([
  'attributes', 'continuation-token', 'delete', 'delimiter', 'encoding-type', 'fetch-owner', 'key-marker', 'list-type', 'marker', 'max-keys',
  'max-parts', 'max-uploads', 'part-number-marker', 'partNumber', 'prefix', 'start-after', 'upload-id-marker', 'uploadId', 'uploads',
]);

function operationOf(request: Omit<S3Request, 'operation'>): string {
  const names = Object.keys(request.query).filter((name) => !name.toLowerCase().startsWith('x-'));
  if (names.some((name) => !QUERY_PARAMETERS.has(name))) return 'Unknown';
  if (request.key !== '') return objectOperation(request);
  return request.bucket === '' ? 'ListBuckets' : bucketOperation(request);
}

function objectOperation({ method, query, headers }: Omit<S3Request, 'operation'>): string {
  const copy = headers['x-amz-copy-source'] !== undefined;
  const inUpload = query.uploadId !== undefined;
  switch (method) {
    case 'PUT': return inUpload ? (copy ? 'UploadPartCopy' : 'UploadPart') : (copy ? 'CopyObject' : 'PutObject');
    case 'POST': return inUpload ? 'CompleteMultipartUpload' : 'uploads' in query ? 'CreateMultipartUpload' : 'Unknown';
    case 'GET': return inUpload ? 'ListParts' : 'attributes' in query ? 'GetObjectAttributes' : 'GetObject';
    case 'HEAD': return 'HeadObject';
    case 'DELETE': return inUpload ? 'AbortMultipartUpload' : 'DeleteObject';
    default: return 'Unknown';
  }
}

function bucketOperation({ method, query }: Omit<S3Request, 'operation'>): string {
  switch (method) {
    case 'PUT': return 'CreateBucket';
    case 'POST': return 'delete' in query ? 'DeleteObjects' : 'Unknown';
    case 'GET': return 'uploads' in query ? 'ListMultipartUploads' : query['list-type'] === '2' ? 'ListObjectsV2' : 'ListObjects';
    case 'HEAD': return 'HeadBucket';
    case 'DELETE': return 'DeleteBucket';
    default: return 'Unknown';
  }
}
