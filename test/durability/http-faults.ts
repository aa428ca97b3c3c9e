import { Intervention } from '../../src/local/s3/interceptor';
import { LocalS3 } from '../../src/local/s3/local-s3';
import { ObjectStore } from '../../src/runtime/ports/object-store';
import { Attempt } from './attempt';
import { Fault, isDeadly, Method } from './faults';
import { FaultyStore, StoreCall, Trouble } from './faulty-store';

/** How an attempt's requests are known, and to whom its calls are told. */
export interface Wire {
  readonly s3: LocalS3;
  /** Part of the user agent of all of the attempt's requests, and of no others. */
  readonly agent: string;
  noteCall(): void;
}

/** Requests that are refused while S3 asks to slow down: the client waits longer after each, in real time. */
const SLOW_DOWN_REQUESTS = 2;

/** S3's name of the request that an operation of the port begins with. */
const OPERATIONS: Readonly<Record<Method, string>> = {
  read: 'GetObject',
  readRange: 'GetObject',
  copy: 'CopyObject',
  inspect: 'HeadObject',
  checkAccess: 'HeadObject',
  write: 'PutObject',
  writeIf: 'PutObject',
  list: 'ListObjectsV2',
  delete: 'DeleteObjects',
  createUpload: 'CreateMultipartUpload',
  copyPart: 'UploadPartCopy',
  writePart: 'UploadPart',
  listParts: 'ListParts',
  completeUpload: 'CompleteMultipartUpload',
  abortUpload: 'AbortMultipartUpload',
};

const CUT: Intervention = { kind: 'cut' };

/** The body of a reply with an error, as S3 writes it. */
function errorBody(code: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>injected</Message><RequestId>1</RequestId></Error>`;
}

/** A store as one attempt sees it whose troubles happen on the wire, between the client that is shipped and the server. */
export class HttpFaultyStore extends FaultyStore {
  constructor(store: ObjectStore, attempt: Attempt, trouble: Trouble, private readonly wire: Wire) {
    super(store, attempt, trouble);
    // A dead process sends nothing, though its client lives on here.
    wire.s3.intercept(({ headers }) => (!attempt.isAlive && isOf(headers, wire.agent) ? CUT : undefined));
  }

  protected override apply(method: Method, args: unknown[]): Promise<unknown> {
    return super.apply(method, args).finally(() => this.wire.noteCall());
  }

  protected override async suffer(fault: Fault, call: StoreCall, args: unknown[]): Promise<unknown> {
    const { attempt, trouble } = this;
    if (isDeadly(fault)) return this.sufferDeath(fault, call, args);
    const struck = this.strike(fault, call, trouble);
    try {
      const reply = await this.apply(call.method, args);
      await struck.over;
      return reply;
    } finally {
      struck.remove();
      if (fault.kind.endsWith('next call fails')) this.failing = 1;
      if (!attempt.isAlive) await attempt.die();
    }
  }

  private async sufferDeath(fault: Fault, call: StoreCall, args: unknown[]): Promise<never> {
    const struck = this.strike(fault, call, this.trouble);
    // Some calls make no request at all: then the process dies after them.
    const applied = this.apply(call.method, args).then(() => undefined, () => undefined);
    await Promise.race([struck.hit, applied]);
    return this.attempt.die();
  }

  /** Lies in wait for the call's next request, or for several of them. */
  private strike(fault: Fault, call: StoreCall, trouble: Trouble): { readonly hit: Promise<void>; over?: Promise<void>; remove(): void } {
    const operation = OPERATIONS[call.method];
    let requests = fault.kind === 'slow down' ? SLOW_DOWN_REQUESTS : 1;
    let hit!: () => void;
    const strike: { hit: Promise<void>; over?: Promise<void>; remove(): void } = {
      hit: new Promise<void>((resolve) => { hit = resolve; }),
      remove: () => {},
    };
    strike.remove = this.wire.s3.intercept(async (request) => {
      if (requests === 0 || request.operation !== operation || !isOf(request.headers, this.wire.agent)) return undefined;
      requests -= 1;
      strike.over ??= trouble.struck(call, fault);
      // The process is gone before the next request of its client arrives.
      setImmediate(hit);
      if (fault.kind === 'slow request') await strike.over;
      return interventionOf(fault, strike.over, (when) => trouble.arrival(call, when));
    });
    return strike;
  }
}

function isOf(headers: { readonly 'user-agent'?: string }, agent: string): boolean {
  return (headers['user-agent'] ?? '').split(/[\s/]/).includes(agent);
}

/** What happens to a request. */
function interventionOf(
  fault: Fault, struck: Promise<void>, arrival: (when: Extract<Fault, { when: unknown }>['when']) => Promise<void>,
): Intervention | undefined {
  switch (fault.kind) {
    case 'fails': return { kind: 'fail', code: 'InternalError', status: 500 };
    case 'slow down': return { kind: 'fail', code: 'SlowDown', status: 503 };
    case 'error in a 200': return { kind: 'fail', code: 'InternalError', status: 200 };
    case 'conflict': return { kind: 'fail', code: 'ConditionalRequestConflict', status: 409 };
    case 'refused by its own write': return { kind: 'replace-reply', status: 412, body: errorBody('PreconditionFailed') };
    case 'reply lost': case 'reply lost, next call fails': case 'dies after': return { kind: 'drop-reply' };
    case 'applied late': case 'applied late, next call fails': case 'dies, applied late':
      return { kind: 'cut-then-apply', until: arrival(fault.when) };
    case 'dies before': return CUT;
    case 'slow reply': return { kind: 'hold-reply', until: struck };
    case 'slow request': return undefined;
  }
}
