import type { MessagePort } from 'node:worker_threads';
import type { FunctionError } from './function-error.ts';

/** What a sandbox receives when it starts. */
export interface SandboxSetup {
  readonly codeDirectory: string;
  readonly handler: string;
  readonly runtime: string;
  /** Port to the fault desk, if there are faults. */
  readonly faultDesk?: MessagePort;
}

/** An invocation for a sandbox. */
export interface SandboxRequest {
  /** JSON. */
  readonly payload: string;
  readonly requestId: string;
  readonly functionArn: string;
  /** When the function's time is up, in milliseconds since 1970. */
  readonly deadline: number;
}

/** A message from a sandbox. */
export type SandboxMessage =
  | { readonly kind: 'ready' }
  /** The handler could not be loaded: the sandbox is unusable. */
  | { readonly kind: 'not-ready'; readonly error: FunctionError }
  /** JSON. */
  | { readonly kind: 'response'; readonly payload: string }
  /** The handler threw; the sandbox continues. */
  | { readonly kind: 'failed'; readonly error: FunctionError }
  /** Something outside the handler's promise threw: the sandbox ends. */
  | { readonly kind: 'crashed'; readonly error: FunctionError };
