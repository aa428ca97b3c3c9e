import type { MessagePort } from 'node:worker_threads';
import type { FunctionError } from './function-error.ts';

/** What a sandbox is given when it starts. */
export interface SandboxSetup {
  readonly codeDirectory: string;
  readonly handler: string;
  readonly runtime: string;
  /** To the desk that says what becomes of pages, where there are faults. */
  readonly faultDesk?: MessagePort;
}

/** One invocation, on its way into a sandbox. */
export interface SandboxRequest {
  /** JSON. */
  readonly payload: string;
  readonly requestId: string;
  readonly functionArn: string;
  /** When the function's time is up, in milliseconds since 1970. */
  readonly deadline: number;
}

/** What a sandbox says. */
export type SandboxMessage =
  | { readonly kind: 'ready' }
  /** The handler cannot be had: the sandbox is of no use. */
  | { readonly kind: 'not-ready'; readonly error: FunctionError }
  /** JSON. */
  | { readonly kind: 'response'; readonly payload: string }
  /** The handler has thrown; the sandbox goes on. */
  | { readonly kind: 'failed'; readonly error: FunctionError }
  /** Something outside the handler's promise has thrown: the sandbox ends. */
  | { readonly kind: 'crashed'; readonly error: FunctionError };
