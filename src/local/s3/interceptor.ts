import { S3Request } from './s3-request';

/**
 * Receives a complete request before it is applied, and decides what to do with it; `undefined` lets it through. To delay a request,
 * answer late: other requests overtake it meanwhile.
 */
export type Interceptor = (request: InterceptedRequest) => Intervention | undefined | Promise<Intervention | undefined>;

export interface InterceptedRequest extends S3Request {
  /** Payload bytes in the body. */
  readonly bytes: number;
  /** The payload, in one piece. */
  body(): Buffer;
}

export type Intervention =
  /** Not applied. The client gets this error. */
  | { readonly kind: 'fail'; readonly code: string; readonly status: number; readonly message?: string }
  /** Not applied. The client's connection is cut. */
  | { readonly kind: 'cut' }
  /** The client's connection is cut now. The request is applied later, when `until` resolves. */
  | { readonly kind: 'cut-then-apply'; readonly until: Promise<unknown> }
  /** Applied. The client's connection is cut without a reply. */
  | { readonly kind: 'drop-reply' }
  /** Applied. The reply is held back until this resolves. */
  | { readonly kind: 'hold-reply'; readonly until: Promise<unknown> }
  /** Applied. The client gets this instead of the reply, for example an error with status 503, or one in the body of a 200. */
  | { readonly kind: 'replace-reply'; readonly status: number; readonly body: string };

/** The installed interceptors. The first one that returns an intervention wins. */
export class Interceptors {
  private readonly interceptors = new Set<Interceptor>();

  /** Installs an interceptor after the existing ones. Returns a function that removes it. */
  add(interceptor: Interceptor): () => void {
    // Wrapped, since the same function may be installed twice.
    const own: Interceptor = (request) => interceptor(request);
    this.interceptors.add(own);
    return () => this.interceptors.delete(own);
  }

  async ask(request: InterceptedRequest): Promise<Intervention | undefined> {
    for (const interceptor of this.interceptors) {
      const intervention = await interceptor(request);
      if (intervention !== undefined) return intervention;
    }
    return undefined;
  }
}
