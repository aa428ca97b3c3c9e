import { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { CHUNK_BYTES } from '../../protocol/defaults';
import { connectionsOf, FreshAfterFailure, HandlerOptions, newConnections, RequestHandler } from '../aws/connections';
import { sendPieceBodies } from '../bytes/piece-body';

/** Attempts at a request that may be repeated, with the SDK's exponential delays between them. */
const ATTEMPTS = 5;

/** Connections kept alive. Twice the most requests that the steps have in flight, so that none waits for a connection. */
const SOCKETS = 64;

const CONNECTION_TIMEOUT_MILLISECONDS = 5_000;

/** Until the reply begins. CHUNK_BYTES have arrived by then at 1.2 Mbit/s; S3 begins its reply to long operations early. */
const REQUEST_TIMEOUT_MILLISECONDS = 60_000;

/** Without a byte in either direction. S3 sends white space while it completes an upload. */
const IDLE_TIMEOUT_MILLISECONDS = 30_000;

/** The SDK would warn on the console. */
const SILENT: NonNullable<S3ClientConfig['logger']> = { trace: silence, debug: silence, info: silence, warn: silence, error: silence };

function silence(): void {}

/** The clients of a store. They share their connections. */
export class S3Clients {
  /**
   * Those that are configured by the environment alone. There is one of each in a process: with clients of its own, the store of the
   * destination would open new connections, and shake hands for each, in every invocation of Persist.
   */
  public static ofEnvironment(): S3Clients {
    return S3Clients.shared ??= new S3Clients();
  }

  private static shared: S3Clients | undefined;

  /** Repeats what failed. */
  public readonly repeating: S3Client;
  /** Makes one attempt, since the reply to the first may be what was lost. */
  public readonly once: S3Client;

  constructor({ requestHandler = HANDLER_OPTIONS, ...config }: S3ClientConfig = {}) {
    const shared = 'handle' in requestHandler
      ? connectionsOf(requestHandler as RequestHandler)
      : newConnections(handlerOf, requestHandler as HandlerOptions);
    this.repeating = client({ ...DEFAULTS, ...config, requestHandler: new FreshAfterFailure(shared), maxAttempts: ATTEMPTS });
    this.once = client({ ...DEFAULTS, ...config, requestHandler: new FreshAfterFailure(shared), maxAttempts: 1 });
  }
}

function handlerOf(requestHandler: S3ClientConfig['requestHandler']): RequestHandler {
  return new S3Client({ requestHandler }).config.requestHandler;
}

const DEFAULTS: S3ClientConfig = {
  logger: SILENT,
  retryMode: 'standard',
  // The callers know the CRC32 of what they send, and reads ask for it: the SDK has nothing to compute.
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
  // The SDK opens a new connection for every request that waits for "100 Continue".
  expectContinueHeader: false,
};

const HANDLER_OPTIONS: HandlerOptions = {
  connectionTimeout: CONNECTION_TIMEOUT_MILLISECONDS,
  requestTimeout: REQUEST_TIMEOUT_MILLISECONDS,
  throwOnRequestTimeout: true,
  socketTimeout: IDLE_TIMEOUT_MILLISECONDS,
  httpAgent: { maxSockets: SOCKETS },
  httpsAgent: { maxSockets: SOCKETS },
};

/**
 * The options of a request with so many bytes. The chunks of a large import are large, and may take as long for each byte as others: what
 * stands still is noticed by the idle time-out.
 */
export function sending(bytes: number): { readonly requestTimeout?: number } {
  return bytes > CHUNK_BYTES ? { requestTimeout: Math.ceil(REQUEST_TIMEOUT_MILLISECONDS * bytes / CHUNK_BYTES) } : {};
}

function client(config: S3ClientConfig): S3Client {
  const made = new S3Client(config);
  sendPieceBodies(made);
  return made;
}
