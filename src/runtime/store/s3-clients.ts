import { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { CHUNK_BYTES } from '../../protocol/defaults';
import { connectionsOf, FreshAfterFailure, HandlerOptions, newConnections, RequestHandler } from '../aws/connections';
import { sendPieceBodies } from '../bytes/piece-body';

/** Attempts at a request that may be retried, with the SDK's exponential backoff. */
const ATTEMPTS = 5;

/** Kept-alive connections. Twice the maximum of requests that the steps have in flight, so that none waits for a connection. */
const SOCKETS = 64;

const CONNECTION_TIMEOUT_MILLISECONDS = 5_000;

/** Until the reply begins. CHUNK_BYTES take as long at 1.2 Mbit/s; S3 begins its reply to long operations early. */
const REQUEST_TIMEOUT_MILLISECONDS = 60_000;

/** Without a byte in either direction. S3 sends white space while it completes an upload. */
const IDLE_TIMEOUT_MILLISECONDS = 30_000;

/** Otherwise the SDK writes warnings to the console. */
const SILENT: NonNullable<S3ClientConfig['logger']> = { trace: silence, debug: silence, info: silence, warn: silence, error: silence };

function silence(): void {}

/** The clients of a store. They share their connections. */
export class S3Clients {
  /**
   * Clients that are configured by the environment alone. The process shares them: with its own clients, the destination's store would open
   * new connections, and shake hands for each, in every invocation of Persist.
   */
  public static ofEnvironment(): S3Clients {
    return S3Clients.shared ??= new S3Clients();
  }

  private static shared: S3Clients | undefined;

  /** Retries failed requests. */
  public readonly repeating: S3Client;
  /** Makes one attempt: the first may have succeeded with its reply lost. */
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
  // Callers send a CRC32 themselves, and reads ask for one: the SDK need not add any.
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
 * The options of a request with so many bytes. Large chunks get proportionally more time; the idle time-out still catches a stalled
 * request.
 */
export function sending(bytes: number): { readonly requestTimeout?: number } {
  return bytes > CHUNK_BYTES ? { requestTimeout: Math.ceil(REQUEST_TIMEOUT_MILLISECONDS * bytes / CHUNK_BYTES) } : {};
}

function client(config: S3ClientConfig): S3Client {
  const made = new S3Client(config);
  sendPieceBodies(made);
  return made;
}
