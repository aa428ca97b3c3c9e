import type { IncomingHttpHeaders } from 'node:http';

/** Where a request goes and what it wants done. */
export interface S3Request {
  /** S3's name of the operation, such as `PutObject`; `Unknown` where it has none here. */
  readonly operation: string;
  readonly method: string;
  /** Empty for ListBuckets. */
  readonly bucket: string;
  /** Empty for operations on buckets. */
  readonly key: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly headers: IncomingHttpHeaders;
}

/** What is needed of an HTTP request. */
interface HttpRequest {
  readonly method: string;
  readonly params: unknown;
  readonly query: unknown;
  readonly headers: IncomingHttpHeaders;
}

/** The request behind an HTTP request. fauxqs' routes have taken the path apart; a bucket in the host name is in the path already. */
export function s3Request({ method, params, query, headers }: HttpRequest): S3Request {
  const { bucket = '', ['*']: key = '' } = (params ?? {}) as Record<string, string | undefined>;
  const request = { method, bucket, key, query: (query ?? {}) as S3Request['query'], headers };
  return { operation: operationOf(request), ...request };
}

/** Query parameters of the operations below. Any other one makes it another operation, such as PutObjectTagging with `tagging`. */
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
