/** Traffic of one operation. */
export interface OperationTraffic {
  /** Requests received, including failed ones. */
  requests: number;
  /** Replies with an error status. */
  errors: number;
  /** Payload bytes in request bodies. */
  bytesReceived: number;
  /** Bytes in reply bodies. */
  bytesSent: number;
}

/** Counts requests and bytes by S3 operation name. A reply is counted before the client receives it. */
export class TrafficCounter {
  private operations: Record<string, OperationTraffic> = {};

  countRequest(operation: string, bytes: number): void {
    const traffic = this.operations[operation] ??= { requests: 0, errors: 0, bytesReceived: 0, bytesSent: 0 };
    traffic.requests += 1;
    traffic.bytesReceived += bytes;
  }

  countReply(operation: string, status: number, bytes: number): void {
    const traffic = this.operations[operation];
    // The counter was reset during the request.
    if (traffic === undefined) return;
    if (status >= 400) traffic.errors += 1;
    traffic.bytesSent += bytes;
  }

  /** A copy of the counters, by operation. */
  snapshot(): Record<string, OperationTraffic> {
    return structuredClone(this.operations);
  }

  reset(): void {
    this.operations = {};
  }
}
